// SPDX-License-Identifier: MIT
#include "cluster/etcd/http_client.hpp"

#include "cluster/etcd/line_reader.hpp"
#include "cluster/resolver.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <array>
#include <optional>
#include <utility>
#include <variant>

namespace parlor::etcd {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

using asio::ip::tcp;
using boost::system::error_code;
using plain_stream = beast::tcp_stream;
using tls_stream = beast::ssl_stream<beast::tcp_stream>;

auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

std::string words(std::string_view doing, const error_code& error) {
  return std::string{doing} + ": " + error.message();
}

/// An endpoint that is gone without a word is noticed within some seconds.
void keep_alive(tcp::socket& socket) {
  using seconds
    = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using interval
    = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using count = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  socket.set_option(asio::socket_base::keep_alive{true}, ignored);
  socket.set_option(seconds{2}, ignored);
  socket.set_option(interval{1}, ignored);
  socket.set_option(count{3}, ignored);
}

/// What Asio's streams are made from, which releases it when it goes.
asio::ssl::context borrowed(const tls::context& from) {
  SSL_CTX_up_ref(from.get());
  return asio::ssl::context{from.get()};
}

http::request<http::string_body> message_of(const endpoint& to,
                                            const request& what) {
  http::request<http::string_body> result{
    http::verb::post, {what.target.data(), what.target.size()}, 11};
  result.set(http::field::host, to_string(to.at));
  result.set(http::field::content_type, "application/json");
  // A member without a leader ends a watch instead of being silent.
  result.set("Grpc-Metadata-hasleader", "true");
  result.body() = what.body;
  result.prepare_payload();
  return result;
}

template <class Stream>
asio::awaitable<http_answer> exchange(Stream& stream,
                                      beast::flat_buffer& buffer,
                                      const endpoint& to, const request& what) {
  error_code error;
  auto message = message_of(to, what);
  co_await http::async_write(stream, message, into(error));
  if (error)
    co_return http_answer{0, {}, words("writing", error)};
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_answer_bytes);
  co_await http::async_read(stream, buffer, parser, into(error));
  if (error)
    co_return http_answer{0, {}, words("reading", error)};
  http_answer result{parser.get().result_int(), {}, {}};
  if (!parser.get().keep_alive())
    beast::get_lowest_layer(stream).close();
  result.body = std::move(parser.get().body());
  co_return result;
}

template <class Stream, class Take>
asio::awaitable<std::string>
read_lines(Stream& stream, beast::flat_buffer& buffer, const endpoint& to,
           const request& what, const Take& take) {
  error_code error;
  auto message = message_of(to, what);
  co_await http::async_write(stream, message, into(error));
  if (error)
    co_return words("writing", error);
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  co_await http::async_read_header(stream, buffer, parser, into(error));
  if (error)
    co_return words("reading", error);
  if (parser.get().result_int() != 200)
    co_return "the gateway answers "
      + std::to_string(parser.get().result_int());
  line_reader lines{max_answer_bytes};
  std::array<char, 16384> chunk;
  while (!parser.is_done()) {
    parser.get().body() = {chunk.data(), chunk.size(), true};
    co_await http::async_read_some(stream, buffer, parser, into(error));
    if (error && error != http::error::need_buffer)
      co_return words("reading", error);
    auto unused = parser.get().body().size;
    if (!lines.feed({chunk.data(), chunk.size() - unused}))
      co_return "the gateway sends a line without an end";
    while (auto line = lines.next()) {
      beast::get_lowest_layer(stream).expires_never();
      if (!take(*line))
        co_return std::string{};
    }
  }
  co_return "the gateway ends the stream";
}

} // namespace

struct http_client::connection {
  using any_stream = std::variant<plain_stream, tls_stream>;

  connection(asio::io_context& loop, const endpoint& where)
    : to{where}, names{loop}, stream{std::in_place_type<plain_stream>, loop} {}

  connection(asio::io_context& loop, const endpoint& where,
             asio::ssl::context under)
    : to{where},
      names{loop},
      stream{std::in_place_type<tls_stream>, loop, under} {}

  beast::tcp_stream& lowest() {
    return std::visit(
      [](auto& x) -> beast::tcp_stream& { return beast::get_lowest_layer(x); },
      stream);
  }

  /// An answer of the resolver leaves half of the time for what follows it.
  asio::awaitable<std::string> open(std::chrono::milliseconds patience) {
    lowest().expires_after(patience);
    std::string problem;
    auto found = co_await names.resolve(to.at, patience / 2, problem);
    if (found.empty())
      co_return "looking up the name: " + problem;
    error_code error;
    co_await lowest().async_connect(found, into(error));
    if (error)
      co_return words("connecting", error);
    keep_alive(lowest().socket());
    if (auto* secure = std::get_if<tls_stream>(&stream)) {
      // Servers with several names choose their certificate by it.
      asio::ip::make_address(to.at.host, error);
      if (error)
        SSL_set_tlsext_host_name(secure->native_handle(), to.at.host.c_str());
      secure->set_verify_callback(
        asio::ssl::host_name_verification{to.at.host});
      co_await secure->async_handshake(asio::ssl::stream_base::client,
                                       into(error));
      if (error)
        co_return words("TLS", error);
    }
    co_return std::string{};
  }

  endpoint to;
  cluster::resolver names;
  any_stream stream;
  beast::flat_buffer buffer{max_answer_bytes};
};

http_client::http_client(asio::io_context& loop, tls::slot_ptr tls)
  : loop_{loop}, tls_{std::move(tls)} {}

http_client::~http_client() = default;

asio::awaitable<std::string>
http_client::open(const endpoint& to, std::chrono::milliseconds patience) {
  if (closed_)
    co_return "closed";
  if (connection_ && connection_->to == to
      && connection_->lowest().socket().is_open()) {
    connection_->lowest().expires_after(patience);
    co_return std::string{};
  }
  if (to.tls && !tls_)
    co_return "there is no TLS";
  connection_ = to.tls ? std::make_unique<connection>(loop_, to,
                                                      borrowed(*tls_->get()))
                       : std::make_unique<connection>(loop_, to);
  auto problem = co_await connection_->open(patience);
  co_return closed_ ? "closed" : problem;
}

asio::awaitable<http_answer>
http_client::post(endpoint to, request what,
                  std::chrono::milliseconds patience) {
  http_answer result;
  result.problem = co_await open(to, patience);
  if (result.problem.empty())
    result = co_await std::visit(
      [&](auto& x) { return exchange(x, connection_->buffer, to, what); },
      connection_->stream);
  if (!result.problem.empty())
    connection_.reset();
  co_return result;
}

asio::awaitable<std::string>
http_client::stream(endpoint to, request what,
                    std::chrono::milliseconds patience,
                    std::function<bool(std::string_view)> take) {
  connection_.reset();
  auto problem = co_await open(to, patience);
  if (problem.empty())
    problem = co_await std::visit(
      [&](auto& x) {
        return read_lines(x, connection_->buffer, to, what, take);
      },
      connection_->stream);
  connection_.reset();
  co_return problem;
}

void http_client::drop() {
  if (!connection_)
    return;
  connection_->names.cancel();
  connection_->lowest().close();
}

void http_client::close() {
  closed_ = true;
  drop();
}

} // namespace parlor::etcd
