// SPDX-License-Identifier: MIT
#include "transport/http_session.hpp"

#include "messages/to_admin.hpp"
#include "messages/wire/api.hpp"
#include "telemetry/log.hpp"
#include "transport/access.hpp"
#include "transport/answerer.hpp"
#include "transport/http_exchange.hpp"
#include "transport/routes.hpp"
#include "transport/upgrade.hpp"
#include "transport/ws_session.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <caf/send.hpp>

#include <exception>
#include <utility>

namespace parlor::transport {

namespace http = boost::beast::http;

namespace {

/// For the peer to take our last answer.
constexpr std::chrono::seconds draining_patience{5};

/// Whether a Content-Type is JSON, with or without a charset.
bool is_json(std::string_view type) {
  auto semicolon = type.find(';');
  if (!same_text(trimmed(type.substr(0, semicolon)), "application/json"))
    return false;
  constexpr std::string_view charset = "charset=";
  return semicolon == type.npos
         || same_text(
           trimmed(type.substr(semicolon + 1)).substr(0, charset.size()),
           charset);
}

/// The refusal that becomes of Beast's error; status 0 where the peer is gone.
refusal refusal_of(error_code err) {
  if (err == http::error::end_of_stream || err == http::error::partial_message)
    return {0, "", {}};
  if (err == http::error::header_limit)
    return {431, "The header is too long.", {}};
  if (err == http::error::body_limit)
    return {413, "The body is too long.", {}};
  if (err.category() == make_error_code(http::error::bad_target).category())
    return {400, "This is not HTTP: " + err.message() + ".", {}};
  return {0, "", {}};
}

} // namespace

template <class F>
void http_session::guarded(F f) noexcept {
  try {
    f();
  } catch (const std::exception& e) {
    log::error("http session failed", {{"problem", e.what()}});
    finish();
  }
}

http_session::http_session(thread_context& context, tcp_socket socket)
  : context_{context}, socket_{std::move(socket)}, since_{clock::now()} {}

http_session::~http_session() = default;

void http_session::start(thread_context& context, tcp_socket socket) {
  error_code err;
  auto peer = socket.remote_endpoint(err).address();
  if (!err)
    socket.set_option(tcp::no_delay{true}, err);
  if (err)
    return; // The peer is gone already.
  if (peer.is_v6() && peer.to_v6().is_v4_mapped())
    peer = asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6());
  auto self = std::make_shared<http_session>(context, std::move(socket));
  self->ip_ = peer.to_string();
  self->from_loopback_ = peer.is_loopback();
  self->id_ = context.requests.insert(self);
  self->guarded([&] { self->read_head(); });
}

// -- reading ------------------------------------------------------------------

void http_session::read_head() {
  if (!exchange_)
    exchange_ = std::make_unique<exchange>();
  exchange_->begin();
  ++serial_;
  enter(phase::reading_head);
  http::async_read_header(socket_, exchange_->buffer, *exchange_->parser,
                          [self = shared_from_this()](error_code err, size_t) {
                            self->guarded([&] { self->on_head(err); });
                          });
}

void http_session::on_head(error_code err) {
  if (phase_ == phase::gone)
    return;
  head_only_ = false;
  keep_alive_ = false;
  if (err)
    return refuse_error(err);
  auto head = exchange_->head();
  head_only_ = head.method == "HEAD";
  keep_alive_ = exchange_->parser->get().keep_alive();
  judge(head);
}

void http_session::judge(const request_head& head) {
  if (head.count("Host") > 1 || (head.version == 11 && !head.has("Host")))
    return refuse({400, "A request has one Host.", {}});
  if (wants_websocket(head))
    return upgrade(head);
  if (is_guarded(head.target))
    if (auto no = judge_access(head, from_loopback_,
                               context_.options.admin_token))
      return refuse(*no);
  auto routed = route(head.method, head.target);
  if (auto* no = std::get_if<refusal>(&routed))
    return refuse(*no);
  if (head.method == "POST" && !is_json(head.find("Content-Type").value_or("")))
    return refuse({415, "The body must be application/json.", {}});
  asked_ = std::make_unique<api_request>(
    std::get<api_request>(std::move(routed)));
  asked_->key = head.find("Idempotency-Key").value_or("");
  take_body(head.lists("Expect", "100-continue"));
}

void http_session::upgrade(const request_head& head) {
  auto judged = judge_upgrade(head, context_.options);
  if (auto* no = std::get_if<refusal>(&judged))
    return refuse(*no);
  auto& accepted = std::get<accepted_upgrade>(judged);
  accepted.shake.ip = ip_;
  accepted.shake.connected_at = std::chrono::system_clock::now();
  auto early = exchange_->rest();
  auto socket = std::move(socket_);
  finish();
  ws_session::start(context_, std::move(socket), std::move(accepted),
                    std::move(early));
}

void http_session::take_body(bool continues) {
  enter(phase::reading_body);
  if (exchange_->parser->is_done())
    return ask();
  if (!continues || exchange_->parser->get().version() < 11)
    return read_body();
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(out_),
                    [self = shared_from_this()](error_code err, size_t) {
                      self->guarded([&] {
                        if (err)
                          self->finish();
                        else if (self->phase_ != phase::gone)
                          self->read_body();
                      });
                    });
}

void http_session::read_body() {
  http::async_read(socket_, exchange_->buffer, *exchange_->parser,
                   [self = shared_from_this()](error_code err, size_t) {
                     self->guarded([&] { self->on_body(err); });
                   });
}

void http_session::on_body(error_code err) {
  if (phase_ == phase::gone)
    return;
  if (err)
    return refuse_error(err);
  ask();
}

// -- answering ----------------------------------------------------------------

void http_session::ask() {
  enter(phase::waiting);
  asked_->body = std::move(exchange_->parser->get().body());
  asked_->reply = std::make_shared<answerer>(context_.answers, id_, serial_);
  auto request = std::move(*std::exchange(asked_, nullptr));
  if (context_.calls.admin)
    caf::anon_send(context_.calls.admin, std::move(request));
}

void http_session::on_answer(uint64_t serial, api_answer what) {
  guarded([&] {
    if (phase_ == phase::waiting && serial == serial_)
      reply(to_reply(std::move(what)));
  });
}

void http_session::refuse_error(error_code err) {
  keep_alive_ = false;
  auto why = refusal_of(err);
  if (why.status == 0)
    finish();
  else
    refuse(why);
}

void http_session::refuse(const refusal& why) {
  // A body that was not read would be taken for the next request.
  if (!exchange_->parser->is_done())
    keep_alive_ = false;
  reply(to_reply(why));
}

void http_session::reply(const http_reply& what) {
  enter(phase::writing);
  out_ = render(what, keep_alive_, head_only_);
  asio::async_write(socket_, asio::buffer(out_),
                    [self = shared_from_this()](error_code err, size_t) {
                      self->guarded([&] { self->on_written(err); });
                    });
}

void http_session::on_written(error_code err) {
  if (phase_ == phase::gone)
    return;
  std::string{}.swap(out_);
  if (err)
    return finish();
  if (keep_alive_)
    return read_head();
  enter(phase::draining);
  socket_.shutdown(tcp_socket::shutdown_send, err);
  drain();
}

void http_session::drain() {
  if (phase_ == phase::gone)
    return;
  if (swallow(socket_))
    return finish();
  socket_.async_wait(tcp_socket::wait_read,
                     [self = shared_from_this()](error_code) {
                       self->guarded([&] { self->drain(); });
                     });
}

// -- the end ------------------------------------------------------------------

void http_session::finish() noexcept {
  if (std::exchange(phase_, phase::gone) == phase::gone)
    return;
  error_code ignored; // The descriptor is released whatever close() says.
  socket_.close(ignored);
  context_.requests.extract(id_);
}

void http_session::enter(phase next) {
  phase_ = next;
  since_ = clock::now();
  context_.visit_request(id_, visit_, due());
}

clock::time_point http_session::due() const {
  auto& limits = context_.options.limits;
  if (phase_ == phase::draining)
    return since_ + draining_patience;
  if (phase_ == phase::reading_head && serial_ == 1)
    return since_ + limits.handshake_timeout;
  return since_ + limits.http_idle;
}

void http_session::on_visit(timer_wheel::tick tick) {
  if (!visit_.keeps(tick) || phase_ == phase::gone)
    return;
  guarded([&] {
    if (clock::now() < due())
      return context_.visit_request(id_, visit_, due());
    if (phase_ != phase::waiting)
      return finish();
    // Admin holds the request and says nothing.
    keep_alive_ = false;
    reply(to_reply(wire::problem(503, "The answer took too long.")));
  });
}

} // namespace parlor::transport
