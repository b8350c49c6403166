// SPDX-License-Identifier: MIT
#include "transport/listener.hpp"

#include "telemetry/log.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include <sys/socket.h>

namespace parlor::transport {

namespace {

constexpr std::chrono::milliseconds shortest_pause{10};
constexpr std::chrono::milliseconds longest_pause{1000};

/// More than the kernel grants: it cuts this down to net.core.somaxconn.
constexpr int backlog = 65535;

using reuse_port
  = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

asio::ip::address address_of(const std::string& host, error_code& err) {
  return asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, err);
}

} // namespace

listener::listener(asio::io_context& loop, callback accepted)
  : loop_{loop},
    accepted_{std::move(accepted)},
    acceptor_{loop},
    pause_{loop} {}

error_code listener::claim(const std::string& host, uint16_t port) {
  error_code err;
  tcp::endpoint where{address_of(host, err), port};
  asio::io_context loop;
  tcp_acceptor trial{loop};
  if (!err)
    trial.open(where.protocol(), err);
  if (!err)
    trial.set_option(tcp_acceptor::reuse_address{true}, err);
  if (!err)
    trial.bind(where, err);
  return err;
}

error_code listener::listen(const std::string& host, uint16_t port) {
  error_code err;
  auto address = address_of(host, err);
  if (!err)
    err = bind({address, port});
  if (err) {
    error_code ignored; // The first error is the one to tell.
    acceptor_.close(ignored);
    return err;
  }
  accept();
  return {};
}

error_code listener::bind(const tcp::endpoint& where) {
  error_code err;
  acceptor_.open(where.protocol(), err);
  if (!err)
    acceptor_.set_option(tcp_acceptor::reuse_address{true}, err);
  if (!err)
    acceptor_.set_option(reuse_port{true}, err);
  if (!err)
    acceptor_.bind(where, err);
  if (!err)
    acceptor_.listen(backlog, err);
  if (!err)
    port_ = acceptor_.local_endpoint(err).port();
  return err;
}

void listener::stop() noexcept {
  error_code ignored; // The descriptor is released whatever close() says.
  acceptor_.close(ignored);
  try {
    pause_.cancel();
  } catch (const std::exception&) {
    // Then the pause ends by itself and finds the acceptor closed.
  }
}

void listener::accept() {
  acceptor_.async_accept(loop_.get_executor(),
                         [this](error_code err, tcp_socket socket) {
                           on_accept(err, std::move(socket));
                         });
}

void listener::on_accept(error_code err, tcp_socket socket) {
  if (err == asio::error::operation_aborted || !acceptor_.is_open())
    return;
  // Who hung up before it was accepted is no failure of ours.
  if (err && err != asio::error::connection_aborted)
    return back_off(err);
  if (!err) {
    failures_ = 0;
    try {
      accepted_(std::move(socket));
    } catch (const std::exception& e) {
      log::error("connection was lost", {{"problem", e.what()}});
    }
  }
  accept();
}

void listener::back_off(error_code why) {
  if (failures_++ == 0)
    log::warn("accepting connections fails", {{"reason", why.message()}});
  auto pause = shortest_pause * (1u << std::min(failures_ - 1, 7u));
  pause_.expires_after(std::min<clock::duration>(pause, longest_pause));
  pause_.async_wait([this](error_code err) {
    if (!err && acceptor_.is_open())
      accept();
  });
}

} // namespace parlor::transport
