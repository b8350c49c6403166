// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/api.hpp"
#include "cluster/etcd/endpoint.hpp"
#include "tls/slot.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace parlor::etcd {

/// What came back, or why nothing did.
struct http_answer {
  unsigned status = 0;
  std::string body;
  /// Empty where there is an answer.
  std::string problem;
};

/// The most that one answer, or one line of a stream, may have, in bytes.
inline constexpr size_t max_answer_bytes = 4 << 20;

/// One HTTP connection to etcd's gateway, opened when it is needed and kept.
/// One request at a time. Not thread-safe: lives on the loop's thread, as does
/// every coroutine of it, and outlives them.
class http_client {
public:
  /// `tls` is null where no endpoint wants TLS.
  http_client(boost::asio::io_context& loop, tls::slot_ptr tls);
  ~http_client();

  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Sends a request and waits for the whole answer, no longer than `patience`.
  boost::asio::awaitable<http_answer> post(endpoint to, request what,
                                           std::chrono::milliseconds patience);

  /// Sends a request whose answer is lines without an end, and hands each to
  /// `take` until that says false. Says why it ended. `patience` is for the
  /// first line.
  boost::asio::awaitable<std::string>
  stream(endpoint to, request what, std::chrono::milliseconds patience,
         std::function<bool(std::string_view line)> take);

  /// Ends what is under way.
  void drop();

  /// Ends what is under way; nothing can be asked any more.
  void close();

private:
  struct connection;

  /// Makes a connection unless there is one to that endpoint; says what went
  /// wrong.
  boost::asio::awaitable<std::string> open(const endpoint& to,
                                           std::chrono::milliseconds patience);

  boost::asio::io_context& loop_;
  tls::slot_ptr tls_;
  std::unique_ptr<connection> connection_;
  bool closed_ = false;
};

} // namespace parlor::etcd
