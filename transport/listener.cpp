// SPDX-License-Identifier: MIT
#include "transport/listener.hpp"

#include "telemetry/log.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <exception>
#include <utility>

#include <sys/socket.h>

namespace parlor::transport {

namespace {

constexpr std::chrono::milliseconds shortest_pause{10};
constexpr std::chrono::milliseconds longest_pause{1000};

/// What accepting one costs, among all that is read.
constexpr unsigned weight = 8;

/// More than the kernel grants: it cuts this down to net.core.somaxconn.
constexpr int backlog = 65535;

using reuse_port
  = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

asio::ip::address address_of(const std::string& host, error_code& err) {
  return asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, err);
}

} // namespace

listener::listener(asio::io_context& loop, poller& ready, read_queue& strangers,
                   callback accepted)
  : loop_{loop},
    ready_{ready},
    strangers_{strangers},
    accepted_{std::move(accepted)},
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
  if (!err)
    err = ready_.watch(socket_.get(), *this);
  if (err) {
    socket_.close();
    port_ = 0;
  }
  return err;
}

error_code listener::bind(const tcp::endpoint& where) {
  error_code err;
  tcp_acceptor made{loop_};
  made.open(where.protocol(), err);
  if (!err)
    made.set_option(tcp_acceptor::reuse_address{true}, err);
  if (!err)
    made.set_option(reuse_port{true}, err);
  // Accepted sockets inherit it.
  if (!err)
    made.set_option(tcp::no_delay{true}, err);
  if (!err)
    made.non_blocking(true, err);
  if (!err)
    made.bind(where, err);
  if (!err)
    made.listen(backlog, err);
  if (!err)
    port_ = made.local_endpoint(err).port();
  if (!err)
    socket_ = descriptor{made.release(err)};
  return err;
}

void listener::stop() noexcept {
  socket_.close();
  try {
    pause_.cancel();
  } catch (const std::exception&) {
    // Then the pause ends by itself and finds the socket closed.
  }
}

void listener::on_ready(readiness) noexcept {
  try {
    do
      if (!strangers_.admit(weight))
        return strangers_.postpone(*this);
    while (socket_.is_open() && accept_one());
  } catch (const std::exception& e) {
    // It lacked memory, and so will others that wait.
    log::error("connection was lost", {{"problem", e.what()}});
    back_off({ENOMEM, boost::system::system_category()});
  }
}

/// False where nobody waits, or nobody can be accepted.
bool listener::accept_one() {
  tcp::endpoint from;
  auto size = static_cast<socklen_t>(from.capacity());
  descriptor socket{
    ::accept4(socket_.get(), from.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!socket.is_open()) {
    error_code why{errno, boost::system::system_category()};
    // Who hung up before it was accepted is no failure of ours.
    if (why == asio::error::connection_aborted
        || why == asio::error::interrupted)
      return true;
    if (why != asio::error::would_block)
      back_off(why);
    return false;
  }
  from.resize(size);
  failures_ = 0;
  accepted_(std::move(socket), from);
  return true;
}

void listener::back_off(error_code why) noexcept {
  try {
    if (failures_++ == 0)
      log::warn("accepting connections fails", {{"reason", why.message()}});
    auto pause = shortest_pause * (1u << std::min(failures_ - 1, 7u));
    pause_.expires_after(std::min<clock::duration>(pause, longest_pause));
    pause_.async_wait([this](error_code err) {
      if (!err)
        on_ready({});
    });
  } catch (const std::exception&) {
    // Not even memory for a pause.
    strangers_.postpone(*this);
  }
}

} // namespace parlor::transport
