// SPDX-License-Identifier: MIT
#pragma once

#include "transport/connection_table.hpp"
#include "transport/deflater.hpp"
#include "transport/inflater.hpp"
#include "transport/io_options.hpp"
#include "transport/net.hpp"
#include "transport/poller.hpp"
#include "transport/read_queue.hpp"
#include "transport/stream.hpp"
#include "transport/timer_wheel.hpp"
#include "transport/tls_channel.hpp"
#include "transport/turn.hpp"

#include <array>
#include <memory>
#include <mutex>

namespace parlor::transport {

class ws_session;
class http_session;
struct thread_context;

/// How an answer that was made on any thread finds its I/O thread: `context`
/// is nullptr once that is gone.
struct return_path {
  std::mutex guard;
  thread_context* context = nullptr;
};

/// When a session wants to be visited next; in each timer wheel for it once,
/// but for visits that have become stale.
class appointment {
public:
  using tick = timer_wheel::tick;

  /// Whether `due` is earlier than the visit that is promised; then it becomes
  /// the promised one.
  bool advance_to(tick due) noexcept {
    if (due_ != 0 && due_ <= due)
      return false;
    due_ = due;
    return true;
  }

  /// Whether this visit is the promised one, which is then over.
  bool keeps(tick due) noexcept {
    if (due_ != due)
      return false;
    due_ = 0;
    return true;
  }

private:
  tick due_ = 0;
};

/// What the sessions of one I/O thread share. Sessions live as long as the
/// tables hold them. Not thread-safe.
struct thread_context {
  thread_context(asio::io_context& loop_, uint8_t index_,
                 const io_options& options_, thread_counts& counts_);
  ~thread_context();

  thread_context(const thread_context&) = delete;
  thread_context& operator=(const thread_context&) = delete;

  asio::io_context& loop;
  uint8_t index;
  /// This thread's own, so that it can be changed between two turns.
  io_options options;
  /// What this thread counts, but for what `now` does.
  thread_counts& counts;
  callbacks calls;
  turn now;
  /// Tells sessions what their sockets can do.
  poller ready;
  /// When WebSockets are read, and when those are who are none yet: accepted,
  /// in their handshake, or asking. However many come, who is there is served.
  read_queue clients;
  read_queue strangers;
  /// Where compression is on; else nullptr, and nobody has agreed on it.
  std::unique_ptr<deflater> deflates;
  std::unique_ptr<inflater> inflates;
  /// What is being read, of whatever socket.
  std::array<char, 65536> input;
  /// For its TLS connections; made for the first.
  std::unique_ptr<tls_scratch> scratch;
  /// What bodies of requests hold, see body_share.
  size_t body_bytes = 0;
  /// Sessions that ended in this turn: nothing on the stack or in the poller's
  /// hands refers to them any more when it is over.
  poll_targets ended;
  connection_table<std::unique_ptr<ws_session>> sockets;
  connection_table<std::unique_ptr<http_session>> requests;
  timer_wheel socket_wheel;
  timer_wheel request_wheel;
  std::shared_ptr<return_path> answers;
  /// The service stops.
  bool closing = false;

  /// A socket that was accepted, with TLS on it where that is spoken.
  stream stream_on(descriptor socket);

  /// Promises a visit to a session, unless it has an earlier one.
  void visit(connection_id who, appointment& when, clock::time_point due);

  /// The same for an HTTP session.
  void visit_request(connection_id who, appointment& when,
                     clock::time_point due);

  /// Keeps a session that has left its table to the end of the turn; needs no
  /// memory.
  void bury(std::unique_ptr<poll_target> who) noexcept;

  /// Flushes the turn and destroys ended sessions. Strangers give way in the next one
  /// where this one was not enough (`behind`).
  void end_of_turn(bool behind) noexcept;

private:
  void destroy_ended() noexcept;

  /// Closes those who hold most of what the kernel does not take, until there
  /// is some room again.
  void relieve();

  void excuse(clock::duration pause);
  timer_wheel::tick tick_of(clock::time_point when) const;
  void arm();
  void on_tick();

  timer timer_;
  clock::time_point began_;
  bool armed_ = false;
};

} // namespace parlor::transport
