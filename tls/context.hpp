// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_method_st;

/// Certificates and keys, for clients, for other nodes and for etcd.
namespace parlor::tls {

/// What the files in PEM of one use hold; none where no such file is named.
struct texts {
  /// Certificates of those who may have signed the other side's.
  std::optional<std::string> authority;
  /// The own certificate, with those that vouch for it behind it.
  std::optional<std::string> certificate;
  /// Its key, not encrypted.
  std::optional<std::string> key;
};

/// Why one of them is of no use.
struct problem {
  enum class part : uint8_t { authority, certificate, key };

  part of = part::certificate;
  /// As in "holds no certificate in PEM".
  std::string what;
};

/// From when until when certificates are good.
struct validity {
  using time_point = std::chrono::system_clock::time_point;

  time_point from;
  time_point until;

  bool holds(time_point now) const noexcept {
    return from <= now && now < until;
  }
};

/// OpenSSL's context with what was read from files. The functions that read return
/// what is wrong, or nothing; nobody is asked for a passphrase. Constant once it is
/// shared by the connections that begin under it.
class context {
public:
  explicit context(const ssl_method_st* method);

  /// Those who may have signed the other side's certificate.
  std::optional<problem> take_authorities(std::string_view pem);

  std::optional<problem> take_certificates(std::string_view pem);

  /// Once the certificate is there, which is that of this option.
  std::optional<problem> take_key(std::string_view pem,
                                  std::string_view certificate);

  /// When the certificate and those behind it are all good; none without one.
  std::optional<validity> lasts() const;

  /// When the last one of the authorities ends; none where none was taken.
  std::optional<validity::time_point> authorities_end() const;

  // Whether both were read from the same texts.

  bool same_certificate(const context& other) const noexcept {
    return certificate_ == other.certificate_;
  }

  bool same_authorities(const context& other) const noexcept {
    return authorities_ == other.authorities_;
  }

  /// For new connections; OpenSSL counts who uses it.
  ssl_ctx_st* get() const noexcept { return handle_.get(); }

private:
  struct release {
    void operator()(ssl_ctx_st* x) const noexcept;
  };

  std::unique_ptr<ssl_ctx_st, release> handle_;
  std::string authorities_;
  std::string certificate_;
};

using context_ptr = std::shared_ptr<const context>;

/// As in "Nov 21 11:00:00 2026 GMT".
std::string to_string(validity::time_point x);

} // namespace parlor::tls
