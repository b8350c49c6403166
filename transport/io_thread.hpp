// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ports.hpp"
#include "transport/audience.hpp"
#include "transport/io_options.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace parlor::transport {

class listener;
struct thread_context;

/// All sockets of one I/O thread: accepts them, speaks HTTP and WebSocket on
/// them, and is what the actors of that thread send through. Not thread-safe:
/// made before the thread runs, then called by it alone. The io_context
/// outlives it; it is destroyed when the loop turns no more.
class io_thread final : public outboxes {
public:
  io_thread(boost::asio::io_context& loop, uint8_t index,
            const io_options& options);
  ~io_thread() override;

  /// Goes on with other options: `origins`, `trusted_proxies`, `admin_token`, `tls`
  /// and the limits of sockets may differ. Connections keep the TLS and the size of outbox that they
  /// began with.
  void adopt(const io_options& options);

  /// Says where connections and requests go; called before `listen`.
  void attach(callbacks where);

  /// An error where another process listens on this address: to be asked once,
  /// before the threads share it.
  static boost::system::error_code claim(const std::string& host,
                                         uint16_t port);

  /// Accepts connections on this address, "localhost" included. Several
  /// threads may listen on one port; 0 is any. Administrators may have a port
  /// beside the other, which is for clients then.
  boost::system::error_code listen(const std::string& host, uint16_t port,
                                   audience whom = audience::everybody);

  /// The port that is bound; 0 before.
  uint16_t port(audience whom = audience::everybody) const noexcept;

  /// Accepts no client any more, and sends those home who have not said yet who
  /// they are. A port for administrators alone stays open to the end.
  void stop_listening();

  /// Closes every socket at once, without a closing handshake.
  void abort();

  /// To be called whenever the loop has done what was ready: only then is
  /// anything sent, with one send() a socket. While the loop is `behind` with what
  /// was ready, hardly anybody new is let in.
  void end_of_turn(bool behind = false) noexcept;

  /// WebSockets that are not closed yet, those in their closing handshake
  /// included: the loop should turn until none is left.
  size_t open_sockets() const noexcept;

  /// How often send() was called for WebSockets, for statistics.
  uint64_t sends() const noexcept;

  /// How many frames were compressed for WebSockets, for statistics.
  uint64_t compressions() const noexcept;

  /// How often accepting has failed since it last succeeded.
  unsigned accept_failures() const noexcept;

  void send(connection_id to, const frame& what) override;
  void send(std::span<const connection_id> to, const frame& what) override;
  void answer(connection_id to, std::span<const frame> what) override;
  void send_admitted(connection_id to, const frame& what) override;
  void send_fleeting(std::span<const connection_id> to,
                     const frame& what) override;
  void send_all(const frames& what,
                std::span<const connection_id> except) override;
  void hear(connection_id who) override;
  void admit(connection_id who) override;
  void wake(connection_id who,
            std::chrono::steady_clock::time_point at) override;
  void served(connection_id who) override;
  bool may_serve(connection_id who, size_t held, size_t most) override;
  void all_served(connection_id who) override;
  void close(connection_id who, close_code code,
             std::string_view reason) override;
  socket_vitals vitals(connection_id who) const override;
  void time_fanout(std::chrono::steady_clock::time_point said) override;
  thread_counts snapshot() const override;

private:
  /// Queues a frame for those of them that fit.
  template <class Predicate>
  void send_where(std::span<const connection_id> to, const frame& what,
                  Predicate fits);

  std::unique_ptr<thread_context> context_;
  /// Whom the first is for; the second is for administrators.
  audience serves_ = audience::everybody;
  std::unique_ptr<listener> listener_;
  std::unique_ptr<listener> admin_listener_;
};

} // namespace parlor::transport
