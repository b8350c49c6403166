// SPDX-License-Identifier: MIT
#include "actors/event_loop.hpp"

#include "actors/backlog.hpp"
#include "messages/time_slice.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <chrono>
#include <utility>

namespace parlor {

namespace {

/// How long a turn may be: what others are told waits for its end. What is not
/// done by then goes on in the next one.
constexpr std::chrono::milliseconds longest_turn{2};

/// Handlers that a turn begins with where the last one ran out: actors that make
/// each other ready would keep sockets waiting.
constexpr int handlers_first = 16;

/// The loop that the calling thread runs, and what is left of its turn.
thread_local event_loop* own_loop = nullptr;
thread_local time_slice<> time_left{longest_turn};

void run_handlers(boost::asio::io_context& io, int most) {
  for (auto i = 0; i < most && time_left.lasts() && io.poll_one() > 0; ++i)
    continue;
}

} // namespace

bool turn_ran_out() noexcept {
  return time_left.over();
}

event_loop::event_loop(caf::actor_system& sys)
  : execution_unit{&sys}, guard_{io_.get_executor()} {}

event_loop::~event_loop() {
  arrivals_.take(ready_);
  for (auto* left_over : ready_)
    intrusive_ptr_release(left_over);
}

void event_loop::run() {
  own_loop = this;
  while (!stopped_.load(std::memory_order_acquire))
    turn();
  own_loop = nullptr;
}

void event_loop::stop() {
  stopped_.store(true, std::memory_order_release);
  wake();
}

void event_loop::turn() {
  auto ran_out = time_left.over();
  time_left.renew();
  arrivals_.take(ready_);
  // Never actors alone: sockets have their turn, too.
  if (ready_.empty() && !is_notified_)
    io_.run_one();
  else
    run_handlers(io_, ran_out ? handlers_first : 1);
  for (auto i = 0; i < steps_a_turn && step(); ++i)
    continue;
  // First, so that they flush while this one does.
  wake_others();
  is_notified_ = false;
  if (lodger_)
    lodger_();
  if (end_of_turn_)
    end_of_turn_();
  // What flushes may have something to say.
  wake_others();
}

/// Actors first, and those that they make ready: asking Asio for a handler when
/// it has none costs a system call.
bool event_loop::step() {
  arrivals_.take(ready_);
  return time_left.lasts() && (run_ready() || io_.poll_one() > 0);
}

bool event_loop::run_ready() {
  auto count = ready_.size();
  for (auto i = count; i > 0 && time_left.lasts(max_throughput); --i) {
    caf::intrusive_ptr<caf::resumable> actor{ready_.front(), false};
    ready_.pop_front();
    if (actor->resume(this, max_throughput) == caf::resumable::resume_later)
      ready_.push_back(actor.release());
  }
  return count > 0;
}

void event_loop::exec_later(caf::resumable* ready) {
  if (ready->subtype() != caf::resumable::io_actor) {
    // One of our actors has made one ready that is not pinned.
    system().scheduler().enqueue(ready);
    return;
  }
  if (own_loop == this) {
    ready_.push_back(ready);
    return;
  }
  if (arrivals_.add(ready))
    wake_soon();
}

void event_loop::notify() {
  if (own_loop == this)
    is_notified_ = true;
  else
    wake_soon();
}

/// From another thread.
void event_loop::wake_soon() {
  if (own_loop != nullptr)
    own_loop->sleepers_.push_back(this);
  else
    wake();
}

std::map<std::string, uint64_t> event_loop::waiting() {
  arrivals_.take(ready_);
  std::map<std::string, uint64_t> result;
  for (auto* one : ready_) {
    auto* actor = dynamic_cast<caf::scheduled_actor*>(one);
    // What has ended may not be asked for its size.
    if (!actor || actor->getf(caf::abstract_actor::is_terminated_flag))
      continue;
    if (auto size = actor->mailbox().size(); size > 0)
      result[actor->name()] += size;
  }
  return result;
}

void event_loop::wake_others() {
  for (auto* other : sleepers_)
    other->wake();
  sleepers_.clear();
}

void event_loop::wake() {
  wakes_.fetch_add(1, std::memory_order_relaxed);
  boost::asio::post(io_, [] {});
}

} // namespace parlor
