// SPDX-License-Identifier: MIT
#include "cluster/links/stream.hpp"

#include "cluster/links/gate_tls.hpp"
#include "telemetry/log.hpp"

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/interfaces.hpp>
#include <caf/io/network/rw_state.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/make_counted.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace parlor::cluster {

namespace {

using caf::io::network::default_multiplexer;
using caf::io::network::native_socket;
using caf::io::network::rw_state;
using tls_ptr = std::unique_ptr<SSL, ssl_closer>;

/// How bytes come and go: as caf::openssl has it, but for an error queue that
/// is cleared first. OpenSSL has one a thread, so that there one connection's
/// failure is taken for that of the next.
class byte_policy {
public:
  explicit byte_policy(tls_ptr tls) : tls_{std::move(tls)} {}

  rw_state read_some(size_t& result, native_socket fd, void* buffer,
                     size_t size) {
    if (!tls_)
      return judge(result, ::recv(fd, buffer, size, MSG_NOSIGNAL));
    ERR_clear_error();
    return judge_tls(result, SSL_read(tls_.get(), buffer, clamped(size)));
  }

  rw_state write_some(size_t& result, native_socket fd, const void* buffer,
                      size_t size) {
    result = 0;
    if (size == 0)
      return rw_state::indeterminate;
    if (!tls_)
      return judge(result, ::send(fd, buffer, size, MSG_NOSIGNAL));
    ERR_clear_error();
    return judge_tls(result, SSL_write(tls_.get(), buffer, clamped(size)));
  }

  /// What TLS has decrypted already does not make the socket readable again.
  bool must_read_more(native_socket, size_t threshold) {
    return tls_ && static_cast<size_t>(SSL_pending(tls_.get())) >= threshold;
  }

private:
  static int clamped(size_t size) {
    constexpr size_t most = 1 << 30;
    return static_cast<int>(std::min(size, most));
  }

  static rw_state judge(size_t& result, ssize_t done) {
    result = done > 0 ? static_cast<size_t>(done) : 0;
    auto later = done < 0 && (errno == EAGAIN || errno == EINTR);
    return done > 0 || later ? rw_state::success : rw_state::failure;
  }

  rw_state judge_tls(size_t& result, int done) {
    result = done > 0 ? static_cast<size_t>(done) : 0;
    if (done > 0)
      return rw_state::success;
    auto why = SSL_get_error(tls_.get(), done);
    if (why == SSL_ERROR_SSL)
      report(tls_problem());
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE
             ? rw_state::success
             : rw_state::failure;
  }

  /// A peer that refuses this node's certificate says so behind the handshake.
  void report(const std::string& problem) {
    auto from = caf::io::network::remote_addr_of_fd(SSL_get_fd(tls_.get()));
    log::warn("a node ends TLS",
              {{"at", from ? *from : ""}, {"problem", problem}});
  }

  tls_ptr tls_;
};

/// What caf::io::network::scribe_impl is for plain TCP.
class byte_scribe final : public caf::io::scribe {
public:
  byte_scribe(default_multiplexer& mpx, native_socket fd, tls_ptr tls)
    : scribe{caf::io::network::conn_hdl_from_socket(fd)},
      stream_{mpx, fd, std::move(tls)} {}

  void configure_read(caf::io::receive_policy::config config) override {
    stream_.configure_read(config);
    if (!std::exchange(launched_, true))
      stream_.start(this);
  }

  void ack_writes(bool enable) override { stream_.ack_writes(enable); }

  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }

  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }

  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }

  void flush() override { stream_.flush(this); }

  std::string addr() const override {
    auto x = caf::io::network::remote_addr_of_fd(stream_.fd());
    return x ? *x : "";
  }

  uint16_t port() const override {
    auto x = caf::io::network::remote_port_of_fd(stream_.fd());
    return x ? *x : uint16_t{0};
  }

  void add_to_loop() override { stream_.activate(this); }

  void remove_from_loop() override { stream_.passivate(); }

private:
  bool launched_ = false;
  caf::io::network::stream_impl<byte_policy> stream_;
};

} // namespace

caf::io::scribe_ptr make_scribe(caf::actor_system& sys, trusted_socket& from) {
  auto& mpx = static_cast<default_multiplexer&>(sys.middleman().backend());
  auto tls = from.release_tls();
  return caf::make_counted<byte_scribe>(mpx, from.release(), std::move(tls));
}

} // namespace parlor::cluster
