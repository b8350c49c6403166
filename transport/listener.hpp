// SPDX-License-Identifier: MIT
#pragma once

#include "transport/descriptor.hpp"
#include "transport/net.hpp"
#include "transport/poller.hpp"
#include "transport/read_queue.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace parlor::transport {

/// Accepts connections on one port, which the listeners of other threads share
/// (SO_REUSEPORT). When descriptors run out it waits instead of spinning, 10 ms
/// doubling to 1 s. Lives until its io_context turns no more; poller and queue
/// outlive it. Not thread-safe.
class listener final : public poll_target {
public:
  using callback = std::function<void(descriptor, const tcp::endpoint& from)>;

  /// Accepts in its part of the time that `strangers` have.
  listener(asio::io_context& loop, poller& ready, read_queue& strangers,
           callback accepted);

  /// Whether nobody listens there. The threads of a process share their port by
  /// SO_REUSEPORT, which alone would let a second service take half of the
  /// connections of the first: so this is asked before.
  static error_code claim(const std::string& host, uint16_t port);

  /// Binds and begins; `host` is an address or "localhost", port 0 any port.
  error_code listen(const std::string& host, uint16_t port);

  /// The port that is bound; 0 before.
  uint16_t port() const noexcept { return port_; }

  /// Accepts nobody any more.
  void stop() noexcept;

  /// How often accepting has failed since it last succeeded.
  unsigned failures() const noexcept { return failures_; }

private:
  void on_ready(readiness what) noexcept override;

  error_code bind(const tcp::endpoint& where);
  bool accept_one();
  void back_off(error_code why) noexcept;

  asio::io_context& loop_;
  poller& ready_;
  read_queue& strangers_;
  callback accepted_;
  descriptor socket_;
  timer pause_;
  uint16_t port_ = 0;
  unsigned failures_ = 0;
};

} // namespace parlor::transport
