// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/address.hpp"
#include "tls/slot.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include <openssl/types.h>

namespace parlor::cluster {

struct ssl_closer {
  void operator()(SSL* x) const noexcept;
};

/// A connected socket whose other end has shown a certificate of our authority;
/// without TLS where that is allowed. Owns the descriptor.
class trusted_socket {
public:
  trusted_socket(int descriptor, std::unique_ptr<SSL, ssl_closer> tls) noexcept
    : descriptor_{descriptor}, tls_{std::move(tls)} {}

  trusted_socket(const trusted_socket&) = delete;
  trusted_socket& operator=(const trusted_socket&) = delete;

  ~trusted_socket();

  /// Both are given away.
  int release() noexcept;
  std::unique_ptr<SSL, ssl_closer> release_tls() noexcept;

private:
  int descriptor_;
  std::unique_ptr<SSL, ssl_closer> tls_;
};

using trusted_socket_ptr = std::shared_ptr<trusted_socket>;

struct gate_options {
  /// Where to listen; port 0 is any.
  address at;
  /// By make_context(), for handshakes to come; null where there is no TLS.
  tls::slot_ptr tls;
  /// Does without TLS where there is none and all is within 127.0.0.0/8.
  bool insecure_loopback = false;
};

/// The only way from one node to another: listens and dials, and lets nobody
/// pass who has not shown a certificate of the cluster's authority. What is
/// behind it (CAF) hears of no one else, so strangers can do no more than
/// take part of one thread's time: their number and their time are bounded. Has
/// a thread of its own, on which callbacks come; they must not block.
/// Thread-safe.
class gate {
public:
  /// Null where nobody was reached, with the reason.
  using dialed = std::function<void(trusted_socket_ptr, std::string why)>;

  /// Listens, or says what is wrong. `accepted` gets whoever passed.
  static std::variant<std::unique_ptr<gate>, std::string>
  open(const gate_options& options,
       std::function<void(trusted_socket_ptr)> accepted);

  /// Joins its thread; callbacks that have not come will not.
  ~gate();

  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  /// The port that is bound.
  uint16_t port() const noexcept;

  void dial(address to, dialed then);

  /// Finds out whether that address refuses again and again, as it does where a
  /// process has ended. What is silent does not.
  void probe(address whom, std::function<void(bool refuses)> then);

private:
  struct state;

  explicit gate(std::unique_ptr<state> all);

  std::unique_ptr<state> state_;
};

} // namespace parlor::cluster
