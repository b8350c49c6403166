// SPDX-License-Identifier: MIT
#pragma once

#include "messages/counts.hpp"
#include "messages/error.hpp"
#include "messages/frame.hpp"
#include "messages/ids.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parlor {

/// How a socket is doing.
struct socket_vitals {
  /// Time between our last ping and its pong; none until measured.
  std::optional<std::chrono::microseconds> round_trip;
  /// Bytes that the kernel has not taken yet.
  size_t outbox_bytes = 0;
};

/// All the sockets of one I/O thread, as the actors of that thread see them.
/// Connections are named by id and never held: an id that is gone is skipped.
/// Nothing blocks, and nothing is on the wire before the end of the loop's
/// turn. Not thread-safe: every call comes from the I/O thread it belongs to.
class outboxes {
public:
  virtual ~outboxes() = default;

  /// Queues a frame for one connection; an empty frame is nothing.
  virtual void send(connection_id to, const frame& what) = 0;

  /// Queues what a client has asked for: there is room for it, whatever waits. It
  /// was asked for while there was (`may_serve`), so that this is bounded.
  virtual void answer(connection_id to, std::span<const frame> what) = 0;

  /// Queues one frame for many, in the order of calls for each of them.
  virtual void send(std::span<const connection_id> to, const frame& what) = 0;

  /// Queues a frame for one connection once it has been admitted, behind what it
  /// is told then; until then it is kept, within the outbox's limit.
  virtual void send_admitted(connection_id to, const frame& what) = 0;

  /// Queues a frame for those of them for whom nothing waits from before: what
  /// is dropped first when a socket is slow.
  virtual void send_fleeting(std::span<const connection_id> to,
                             const frame& what)
    = 0;

  /// Queues for every admitted connection what its dialect has, leaving out
  /// `except`.
  virtual void send_all(const frames& what,
                        std::span<const connection_id> except)
    = 0;

  /// Starts reading, though the connection has not been admitted: it has to say
  /// first who it is.
  virtual void hear(connection_id who) = 0;

  /// The connection has been admitted: starts reading, and counts it among
  /// those to whom everything goes.
  virtual void admit(connection_id who) = 0;

  /// Sends the connection's actor an `alarm` about then; the last call counts.
  virtual void wake(connection_id who, std::chrono::steady_clock::time_point at)
    = 0;

  /// One message of this client has been served to its end; gives back what
  /// it took of the read credit. Never gives more than was taken.
  virtual void served(connection_id who) = 0;

  /// Whether a message of this client may be served now: no more than half of
  /// what may wait for its socket does, and fewer than `most` of its messages are
  /// being served, which are those that are not among the `held` (this one is).
  /// Where it may not, its actor gets an `alarm` as soon as that has changed.
  virtual bool may_serve(connection_id who, size_t held, size_t most) = 0;

  /// What owed this client service has crashed: gives back the whole credit.
  virtual void all_served(connection_id who) = 0;

  /// Closes behind all that is queued; nothing can be queued afterwards.
  virtual void close(connection_id who, close_code code,
                     std::string_view reason)
    = 0;

  virtual socket_vitals vitals(connection_id who) const = 0;

  /// All that was queued in this turn was said then: how long that took is known
  /// at its end.
  virtual void time_fanout(std::chrono::steady_clock::time_point said) = 0;

  /// What this thread has counted, actors and sockets together.
  virtual thread_counts snapshot() const = 0;

  /// Where the actors of this thread count.
  thread_counts& counts() noexcept { return counts_; }

protected:
  thread_counts counts_;
};

/// What an HTTP request is answered with. JSON but for an empty body, or where
/// it names another type.
struct api_answer {
  unsigned status = 200;
  std::string body;
  /// The Content-Type; empty is JSON, or a problem from 400 on.
  std::string type = {};
};

/// Where the answer of one HTTP request goes. Thread-safe; the first answer
/// counts, and an answerer that is dropped unanswered sends 500.
class api_answerer {
public:
  virtual ~api_answerer() = default;

  virtual void answer(api_answer what) = 0;
};

} // namespace parlor
