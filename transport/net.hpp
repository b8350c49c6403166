// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

/// Asio's types on the plain executor of an io_context: no strand and no
/// any_io_executor, since each io_context is run by one thread (DESIGN §4).
namespace parlor::transport {

namespace asio = boost::asio;

using boost::system::error_code;
using asio::ip::tcp;
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;
using clock = std::chrono::steady_clock;
using timer
  = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;

} // namespace parlor::transport
