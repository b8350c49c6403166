// SPDX-License-Identifier: MIT
#include "cluster/links/loop_multiplexer.hpp"

#include "cluster/links/loop_scribe.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <caf/io/datagram_servant.hpp>
#include <caf/io/doorman.hpp>
#include <caf/logger.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/sec.hpp>

#include <future>
#include <utility>

namespace parlor::cluster {

namespace {

/// Messages that one actor handles before the next has its turn.
constexpr size_t max_throughput = 1000;

/// Of one recv.
constexpr size_t scratch_bytes = 256 << 10;

/// Does something on the loop's thread, and waits.
void run_on(boost::asio::io_context& io, std::function<void()> what) {
  std::promise<void> done;
  boost::asio::post(io, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

} // namespace

loop_multiplexer::loop_multiplexer(caf::actor_system* sys)
  : multiplexer{sys}, here_{std::this_thread::get_id()} {}

loop_multiplexer::~loop_multiplexer() {
  take_arrivals();
  for (auto* left_over : ready_)
    caf::intrusive_ptr_release(left_over);
}

void loop_multiplexer::live_on(loop_host host) {
  host_ = std::move(host);
  scratch_.resize(scratch_bytes);
  run_on(*host_.io, [this] {
    here_ = std::this_thread::get_id();
    thread_id(std::this_thread::get_id());
    host_.at_end_of_turn([this] { end_turn(); });
    std::lock_guard guard{mutex_};
    notify_ = std::move(host_.notify);
  });
}

void loop_multiplexer::leave(const std::function<bool()>& busy) {
  std::promise<void> settled;
  boost::asio::post(*host_.io,
                    [&] { settle(busy, [&] { settled.set_value(); }); });
  settled.get_future().wait();
  here_ = std::this_thread::get_id();
  thread_id(std::this_thread::get_id());
}

/// Again and again, until nothing of it is left in the loop.
void loop_multiplexer::settle(const std::function<bool()>& busy,
                              std::function<void()> then) {
  // Good-byes first.
  end_turn();
  // Ending one may end others.
  while (!scribes_.empty())
    (*scribes_.begin())->fail();
  end_turn();
  if (waits_ > 0 || busy()) {
    boost::asio::post(*host_.io,
                      [this, &busy, then = std::move(then)]() mutable {
                        settle(busy, std::move(then));
                      });
    return;
  }
  host_.at_end_of_turn({});
  // CAF's logger is shared by each thread that it has run on, and its system waits
  // for all of them.
  caf::logger::set_current_actor_system(nullptr);
  {
    std::lock_guard guard{mutex_};
    notify_ = {};
  }
  then();
}

// -- a turn ----------------------------------------------------------------------

void loop_multiplexer::note_dirty(loop_scribe& one) {
  dirty_.emplace_back(&one);
}

void loop_multiplexer::end_turn() {
  run_ready();
  for (auto& one : std::exchange(dirty_, {}))
    one->send();
}

void loop_multiplexer::take_arrivals() {
  if (!has_arrivals_.load(std::memory_order_acquire))
    return;
  std::lock_guard guard{mutex_};
  has_arrivals_ = false;
  ready_.insert(ready_.end(), arrivals_.begin(), arrivals_.end());
  arrivals_.clear();
}

void loop_multiplexer::run_ready() {
  is_running_ = true;
  for (take_arrivals(); !ready_.empty(); take_arrivals()) {
    caf::intrusive_ptr<caf::resumable> actor{ready_.front(), false};
    ready_.pop_front();
    if (actor->resume(this, max_throughput) == caf::resumable::resume_later)
      ready_.push_back(actor.release());
  }
  is_running_ = false;
}

void loop_multiplexer::exec_later(caf::resumable* ready) {
  auto kind = ready->subtype();
  if (kind != caf::resumable::io_actor
      && kind != caf::resumable::function_object)
    return system().scheduler().enqueue(ready);
  if (here_ == std::this_thread::get_id()) {
    ready_.push_back(ready);
    // It is changed on this thread alone.
    if (!is_running_ && ready_.size() == 1 && notify_)
      notify_();
    return;
  }
  std::lock_guard guard{mutex_};
  arrivals_.push_back(ready);
  has_arrivals_.store(true, std::memory_order_release);
  if (arrivals_.size() == 1 && notify_)
    notify_();
}

// -- for the middleman -------------------------------------------------------------

bool loop_multiplexer::try_run_once() {
  take_arrivals();
  auto is_ready = !ready_.empty();
  run_ready();
  return is_ready;
}

void loop_multiplexer::run_once() {
  run_ready();
}

void loop_multiplexer::run() {
  run_ready();
}

loop_multiplexer::supervisor_ptr loop_multiplexer::make_supervisor() {
  return nullptr;
}

// -- what only the gate does ---------------------------------------------------------

caf::io::scribe_ptr loop_multiplexer::new_scribe(native_socket) {
  return nullptr;
}

caf::expected<caf::io::scribe_ptr>
loop_multiplexer::new_tcp_scribe(const std::string&, uint16_t) {
  return caf::sec::cannot_connect_to_node;
}

caf::io::doorman_ptr loop_multiplexer::new_doorman(native_socket) {
  return nullptr;
}

caf::expected<caf::io::doorman_ptr>
loop_multiplexer::new_tcp_doorman(uint16_t, const char*, bool) {
  return caf::sec::cannot_open_port;
}

caf::io::datagram_servant_ptr
loop_multiplexer::new_datagram_servant(native_socket) {
  return nullptr;
}

caf::io::datagram_servant_ptr
loop_multiplexer::new_datagram_servant_for_endpoint(
  native_socket, const caf::io::network::ip_endpoint&) {
  return nullptr;
}

caf::expected<caf::io::datagram_servant_ptr>
loop_multiplexer::new_remote_udp_endpoint(const std::string&, uint16_t) {
  return caf::sec::cannot_open_port;
}

caf::expected<caf::io::datagram_servant_ptr>
loop_multiplexer::new_local_udp_endpoint(uint16_t, const char*, bool) {
  return caf::sec::cannot_open_port;
}

} // namespace parlor::cluster
