// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "messages/all.hpp"
#include "messages/keyed_hash.hpp"
#include "tests/support/stub_outboxes.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parlor::test {

/// An actor system without threads, whose messages and timers the test runs,
/// with two I/O threads' worth of stub sockets. Ends every actor it spawned.
class actor_fixture {
public:
  struct config : caf::actor_system_config {
    config() {
      add_messages(*this);
      set("scheduler.policy", caf::atom("testing"));
    }
  };

  static constexpr size_t thread_count = 2;

  actor_fixture() {
    keyed_hash::use({});
    env.limits.max_connections = 1000;
    env.revision = 1;
    env.now = [] {
      return event::timestamp{std::chrono::milliseconds{1'000'000'000'123}};
    };
    for (auto& one : sockets)
      env.threads.push_back(
        {nullptr, &one, std::make_shared<memory_pool>(thread_count)});
  }

  ~actor_fixture() {
    for (auto& one : spawned_)
      caf::anon_send_exit(one, caf::exit_reason::kill);
    run();
    // A timer that is set keeps its actor, and the system waits for that.
    advance(std::chrono::hours{1});
  }

  actor_fixture(const actor_fixture&) = delete;
  actor_fixture& operator=(const actor_fixture&) = delete;

  /// Handles messages until there are none; timers do not fire.
  void run() { scheduler().run(); }

  /// Lets time pass, then handles messages.
  void advance(std::chrono::nanoseconds by) {
    scheduler().advance_time(std::chrono::duration_cast<caf::timespan>(by));
    run();
  }

  template <class State, class... Ts>
  typename State::actor_type spawn(Ts&&... xs) {
    auto result = spawn_pinned<State>(system, nullptr, std::forward<Ts>(xs)...);
    adopt(result);
    run();
    return result;
  }

  /// An actor of any interface that writes down the messages it gets.
  template <class Handle>
  Handle spawn_stub(std::vector<caf::message>& into) {
    auto stub = spawn_function([&into](caf::event_based_actor* self, int) {
      self->set_default_handler(
        [&into](caf::scheduled_actor*,
                caf::message_view& x) -> caf::result<caf::message> {
          into.push_back(x.copy_content_to_message());
          return caf::message{};
        });
      return caf::behavior{[](caf::unit_t) {}};
    });
    adopt(stub);
    run();
    return caf::actor_cast<Handle>(stub);
  }

  /// Starts a function as an actor. It takes an int that means nothing: without
  /// one CAF 0.17.6 binds a null reference, where UBSan ends the program.
  template <class F>
  caf::actor spawn_function(F f) {
    return system.spawn(std::move(f), 0);
  }

  template <class Handle>
  void adopt(const Handle& x) {
    spawned_.push_back(caf::actor_cast<caf::strong_actor_ptr>(x));
  }

  /// Sends a message and handles all that follows from it.
  template <class Handle, class... Ts>
  void tell(const Handle& to, Ts&&... what) {
    caf::anon_send(to, std::forward<Ts>(what)...);
    run();
  }

  /// Asks for an answer and handles all that follows.
  template <class Answer, class Handle, class... Ts>
  caf::expected<Answer> ask(const Handle& to, Ts&&... what) {
    caf::scoped_actor self{system};
    auto pending = self->request(to, caf::infinite, std::forward<Ts>(what)...);
    run();
    caf::expected<Answer> result{caf::error{caf::sec::runtime_error}};
    pending.receive([&](Answer& x) { result = std::move(x); },
                    [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  /// Ends an actor with this reason and handles all that follows.
  template <class Handle>
  void end(const Handle& whom, caf::error reason) {
    caf::scoped_actor self{system};
    self->send_exit(whom, std::move(reason));
    run();
  }

  /// What an actor of ours knows.
  template <class State>
  State& state_of(const typename State::actor_type& x) {
    return dynamic_cast<pinned<State>&>(
             *caf::actor_cast<caf::abstract_actor*>(x))
      .state();
  }

  /// Whether an actor has ended.
  template <class Handle>
  bool ended(const Handle& x) {
    auto* raw = caf::actor_cast<caf::abstract_actor*>(x);
    return raw->getf(caf::abstract_actor::is_terminated_flag);
  }

  /// The number-th connection of a thread.
  static connection_id id_of(uint8_t thread, uint32_t number) {
    return {thread, number, 1};
  }

  /// What this connection was sent since the last call.
  std::vector<std::string> take(connection_id who) {
    return sockets[who.thread()].take(who);
  }

  /// Whose turn is next, for tests that choose.
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  environment env;
  stub_outboxes sockets[thread_count];
  config cfg;
  caf::actor_system system{cfg};

private:
  std::vector<caf::strong_actor_ptr> spawned_;
};

/// The messages of one type among those that a stub has got.
template <class T>
std::vector<T> only(const std::vector<caf::message>& all) {
  std::vector<T> result;
  for (auto& x : all)
    if (x.match_elements<T>())
      result.push_back(x.get_as<T>(0));
  return result;
}

} // namespace parlor::test
