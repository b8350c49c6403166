// SPDX-License-Identifier: MIT
#pragma once

#include "actors/event_loop.hpp"
#include "actors/observer.hpp"
#include "messages/made_once.hpp"

#include <caf/actor_system.hpp>
#include <caf/sec.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

namespace parlor {

/// Logs that a handler of an actor has thrown.
void log_failure(const char* kind, uint64_t actor,
                 const std::exception_ptr& what);

/// An actor with a state that runs on an event loop, for life. Without a loop
/// it runs on CAF's scheduler: so tests can run it under test_coordinator.
///
/// `State` names its handle `actor_type` and its kind `name`, is made from a
/// pointer to the actor and the arguments of the spawn on the spawning thread,
/// and gives the behaviour by `make_behavior` on the actor's own. It is
/// destroyed when the actor ends, which breaks cycles of handles.
template <class State>
class pinned final : public State::actor_type::base {
public:
  using super = typename State::actor_type::base;

  template <class... Ts>
  pinned(caf::actor_config& cfg, event_loop* loop, Ts&&... xs)
    : super{hosted(cfg, loop)},
      loop_{loop},
      state_{std::in_place, this, std::forward<Ts>(xs)...} {
    this->set_exception_handler(
      [this](std::exception_ptr& x) { return handle_failure(x); });
  }

  /// For tests: what the actor knows. It must not have ended.
  State& state() { return *state_; }

  const char* name() const override { return State::name; }

  typename super::behavior_type make_behavior() override {
    if (auto* by = observer::here)
      by->on_begin(*this, title());
    return state_->make_behavior();
  }

  using super::consume;

  /// Every message of every actor passes here.
  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    auto* by = observer::here;
    return by == nullptr ? super::consume(x) : consume_before(*by, x);
  }

  using super::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* host) override {
    super::enqueue(std::move(what), loop_ != nullptr ? loop_ : host);
  }

  void launch(caf::execution_unit* host, bool lazy, bool hide) override {
    super::launch(loop_ != nullptr ? loop_ : host, lazy, hide);
  }

  caf::resumable::subtype_t subtype() const override {
    return loop_ != nullptr ? caf::resumable::io_actor
                            : caf::resumable::scheduled_actor;
  }

  void on_exit() override {
    if (auto* by = observer::here)
      by->on_end(this->id());
    state_.reset();
  }

private:
  caf::invoke_message_result consume_before(observer& by,
                                            caf::mailbox_element& x) {
    struct end {
      observer& by;
      ~end() { by.after(); }
    };
    by.before(*this, title(), x);
    end at_end{by};
    return super::consume(x);
  }

  /// Which one of its kind it is, as its state says; empty where there is one.
  std::string_view title() const {
    if constexpr (requires(const State& state) { state.title(); })
      return state_ ? state_->title() : std::string_view{};
    return {};
  }

  /// A handler has thrown: the actor ends. A state that has something to say
  /// first has a member function `handle_failure`, which gives the exit reason.
  caf::error handle_failure(const std::exception_ptr& x) {
    log_failure(State::name, this->id(), x);
    if constexpr (requires(State & state) { state.handle_failure(); })
      return state_->handle_failure();
    return caf::sec::runtime_error;
  }

  static caf::actor_config& hosted(caf::actor_config& cfg, event_loop* loop) {
    if (loop != nullptr)
      cfg.host = loop;
    return cfg;
  }

  event_loop* loop_;
  std::optional<State> state_;
};

/// Starts an actor with this state on a loop, or on CAF's scheduler.
template <class State, class... Ts>
typename State::actor_type spawn_pinned(caf::actor_system& sys,
                                        event_loop* loop, Ts&&... xs) {
  return sys.spawn<pinned<State>>(loop, std::forward<Ts>(xs)...);
}

} // namespace parlor
