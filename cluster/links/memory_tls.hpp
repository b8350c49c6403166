// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/gate.hpp"
#include "tls/memory.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::cluster {

/// A TLS connection behind its handshake that reads and writes memory: its owner
/// does the socket. Not thread-safe.
class memory_tls {
public:
  explicit memory_tls(std::unique_ptr<SSL, ssl_closer> connection);

  memory_tls(const memory_tls&) = delete;
  memory_tls& operator=(const memory_tls&) = delete;

  /// Appends what is in these bytes, and in those that came before; false where
  /// the peer has ended TLS, or these are no TLS.
  bool open(std::string_view sealed, std::vector<char>& to);

  /// Appends these bytes as they go out.
  void seal(std::string_view plain, std::vector<char>& to);

  /// Whether TLS itself has something to send: `seal` does.
  bool has_to_say() const noexcept { return !memory_.sealed.empty(); }

  /// Why `open` failed; empty where the peer has just ended.
  const std::string& problem() const noexcept { return problem_; }

private:
  std::unique_ptr<SSL, ssl_closer> connection_;
  tls::memory memory_;
  std::string problem_;
};

} // namespace parlor::cluster
