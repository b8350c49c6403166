// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/loop_host.hpp"

#include <caf/intrusive_ptr.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace parlor::cluster {

class loop_scribe;

/// What CAF's middleman has in place of a thread of its own: the broker, and the
/// actors that are pinned here, run on the thread of a `loop_host`
/// (decision 0052). It opens no connections; it is given those that the gate let
/// through, as `loop_scribe`s. What these have to say is sent once a turn, at
/// its end.
///
/// Before `live_on` and after `leave` it belongs to the thread that makes and
/// destroys the actor system, where the middleman's start and stop run it.
class loop_multiplexer final : public caf::io::network::multiplexer {
public:
  explicit loop_multiplexer(caf::actor_system* sys);
  ~loop_multiplexer() override;

  /// Moves to the host's thread. Waits for it.
  void live_on(loop_host host);

  /// Ends all connections there, and comes back to the calling thread once nothing
  /// is under way: where no call of `busy`, on the host's thread, says so.
  void leave(const std::function<bool()>& busy);

  // -- for scribes, on the host's thread -----------------------------------------

  boost::asio::io_context& io() noexcept { return *host_.io; }

  void add(loop_scribe& one) { scribes_.insert(&one); }
  void remove(loop_scribe& one) { scribes_.erase(&one); }

  /// It has something to send, at the end of the turn.
  void note_dirty(loop_scribe& one);

  /// A wait of Asio's has begun, or is over.
  void begin_wait() noexcept { ++waits_; }
  void end_wait() noexcept { --waits_; }

  /// For what comes off a socket; valid until the next one asks.
  std::vector<char>& scratch() noexcept { return scratch_; }

  /// Runs actors until none is ready.
  void run_ready();

  // -- caf::execution_unit, io::network::multiplexer ------------------------------

  /// Thread-safe.
  void exec_later(caf::resumable* ready) override;

  bool try_run_once() override;
  void run_once() override;
  void run() override;
  supervisor_ptr make_supervisor() override;

  using native_socket = caf::io::network::native_socket;
  caf::io::scribe_ptr new_scribe(native_socket) override;
  caf::expected<caf::io::scribe_ptr> new_tcp_scribe(const std::string&,
                                                    uint16_t) override;
  caf::io::doorman_ptr new_doorman(native_socket) override;
  caf::expected<caf::io::doorman_ptr> new_tcp_doorman(uint16_t, const char*,
                                                      bool) override;
  caf::io::datagram_servant_ptr new_datagram_servant(native_socket) override;
  caf::io::datagram_servant_ptr new_datagram_servant_for_endpoint(
    native_socket, const caf::io::network::ip_endpoint&) override;
  caf::expected<caf::io::datagram_servant_ptr>
  new_remote_udp_endpoint(const std::string&, uint16_t) override;
  caf::expected<caf::io::datagram_servant_ptr>
  new_local_udp_endpoint(uint16_t, const char*, bool) override;

private:
  void end_turn();
  void take_arrivals();
  void settle(const std::function<bool()>& busy, std::function<void()> then);

  /// Whose thread it is.
  std::atomic<std::thread::id> here_;
  loop_host host_;
  std::deque<caf::resumable*> ready_;
  bool is_running_ = false;
  std::set<loop_scribe*> scribes_;
  std::vector<caf::intrusive_ptr<loop_scribe>> dirty_;
  size_t waits_ = 0;
  std::vector<char> scratch_;

  /// Those that other threads made ready, and whom these have to notify.
  std::mutex mutex_;
  std::vector<caf::resumable*> arrivals_;
  std::function<void()> notify_;
  std::atomic<bool> has_arrivals_{false};
};

} // namespace parlor::cluster
