// SPDX-License-Identifier: MIT
#pragma once

#include "actors/arrivals.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace parlor {

/// One I/O thread: an io_context run by exactly one thread, which also runs the
/// actors that are pinned to it. To CAF it is an execution unit, like the
/// threads of its own scheduler.
///
/// Actors become ready on this thread at no cost but a queue's; from another
/// thread through a lock-free stack, and then the loop is woken at most once a
/// turn. Another loop wakes it at the end of its own turn: so all that a room
/// says in a turn goes out in one turn of each thread, too. Must outlive every
/// actor that is pinned to it, and every other loop whose actors send to those.
class event_loop final : public caf::execution_unit {
public:
  explicit event_loop(caf::actor_system& sys);

  ~event_loop() override;

  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  boost::asio::io_context& io() noexcept { return io_; }

  /// Sets what is called on the loop's thread at the end of each turn, before
  /// the thread may sleep: where sockets are flushed. Call before `run`.
  void at_end_of_turn(std::function<void()> what) {
    end_of_turn_ = std::move(what);
  }

  /// Sets what else has its turn on this thread, behind actors and before sockets
  /// are flushed; an empty function ends it. On the loop's thread.
  void lodge(std::function<void()> what) { lodger_ = std::move(what); }

  /// Sees to it that a turn will end: that of a loop which is the caller's own goes
  /// on, another one is woken at the end of the caller's turn. Thread-safe.
  void notify();

  /// Makes the calling thread the loop's until `stop`.
  void run();

  /// Lets `run` return at the end of its turn. Thread-safe.
  void stop();

  /// An actor has become ready. Called by CAF on any thread, with a reference
  /// to the actor that the loop takes over.
  void exec_later(caf::resumable* ready) override;

  /// Messages that wait for this loop's actors, by the kind of these: what is
  /// not ready has none. Only on the loop's thread.
  std::map<std::string, uint64_t> waiting();

  /// How often another thread has woken this one, for statistics. Thread-safe.
  uint64_t wakes() const noexcept {
    return wakes_.load(std::memory_order_relaxed);
  }

private:
  /// Messages that one actor handles before the others have their turn: few, for
  /// they may take long, and the clock is read between two actors alone.
  static constexpr size_t max_throughput = 16;

  /// Handlers and actors that run before sockets are flushed.
  static constexpr int steps_a_turn = 512;

  void turn();
  bool step();
  bool run_ready();
  void wake_soon();
  void wake_others();
  void wake();

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
    guard_;
  std::function<void()> end_of_turn_;
  std::function<void()> lodger_;
  /// Whether the lodger wants another turn.
  bool is_notified_ = false;
  /// Ready actors; only the loop's thread touches it.
  std::deque<caf::resumable*> ready_;
  /// Actors that other threads made ready.
  arrivals<caf::resumable*> arrivals_;
  std::atomic<uint64_t> wakes_{0};
  /// Whom this loop wakes at the end of its turn; only its thread touches it.
  std::vector<event_loop*> sleepers_;
  std::atomic<bool> stopped_{false};
};

} // namespace parlor
