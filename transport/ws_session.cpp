// SPDX-License-Identifier: MIT
#include "transport/ws_session.hpp"

#include "messages/to_connection.hpp"
#include "telemetry/log.hpp"
#include "transport/ws_wire.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace parlor::transport {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

namespace {

/// The most that one read of a long message asks for.
constexpr size_t max_piece = 16384;

} // namespace

ws_session::ws_session(thread_context& context, tcp_socket socket,
                       accepted_upgrade upgrade)
  : context_{context},
    shake_{std::move(upgrade.shake)},
    speaks_{shake_.speaks},
    out_{std::move(socket), context.now, context.options.limits.outbox_bytes,
         *this},
    heart_{context.options.limits.heartbeat_interval,
           context.options.limits.heartbeat_timeout},
    since_{clock::now()} {}

ws_session::~ws_session() = default;

void ws_session::start(thread_context& context, tcp_socket socket,
                       accepted_upgrade upgrade, std::string early) {
  auto key = std::move(upgrade.key);
  auto answered = upgrade.answered;
  auto self = std::make_shared<ws_session>(context, std::move(socket),
                                           std::move(upgrade));
  self->id_ = context.sockets.insert(self);
  if (!self->id_)
    return log::error("connection table is full", {});
  self->guarded([&] {
    self->answer_upgrade(key, answered, std::move(early));
    self->arrange_visit();
  });
}

void ws_session::answer_upgrade(std::string_view key,
                                std::optional<dialect> answered,
                                std::string early) {
  wire_ = std::make_unique<wire>(out_, std::move(early));
  auto& ws = wire_->ws;
  ws.set_option(websocket::stream_base::timeout{
    websocket::stream_base::none(), websocket::stream_base::none(), false});
  ws.read_message_max(context_.options.limits.message_bytes);
  ws.set_option(websocket::stream_base::decorator(
    [answered](websocket::response_type& res) {
      res.set(http::field::server, "parlor");
      if (answered)
        res.set(
          http::field::sec_websocket_protocol,
          beast::string_view{dialect_subprotocols[index_of(*answered)].data(),
                             dialect_subprotocols[index_of(*answered)].size()});
    }));
  ws.control_callback(
    [this](websocket::frame_type kind, beast::string_view payload) {
      if (kind == websocket::frame_type::pong)
        heart_.pong({payload.data(), payload.size()}, clock::now());
      else if (kind == websocket::frame_type::close)
        on_control_close();
    });
  // What was judged already, as far as the answer depends on it.
  http::request<http::empty_body> request{http::verb::get, "/", 11};
  request.set(http::field::host, "parlor");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "upgrade");
  request.set(http::field::sec_websocket_key,
              beast::string_view{key.data(), key.size()});
  request.set(http::field::sec_websocket_version, "13");
  ws.async_accept(request, [self = shared_from_this()](error_code err) {
    self->guarded([&] { self->on_answered(err); });
  });
}

void ws_session::on_answered(error_code err) {
  if (phase_ != phase::opening)
    return;
  if (err)
    return finish({close_code::abnormal, err.message(), departure::closed});
  out_.open();
  phase_ = phase::entering;
  since_ = clock::now();
  arrange_visit();
  auto shake = std::exchange(shake_, {});
  shake.id = id_;
  try {
    actor_ = context_.calls.open(shake);
  } catch (const std::exception& e) {
    log::error("connection actor cannot be started", {{"problem", e.what()}});
  }
  if (!actor_)
    close(close_code::internal_error, "internal error");
}

// -- reading ------------------------------------------------------------------

void ws_session::admit() {
  if (phase_ != phase::entering)
    return;
  phase_ = phase::open;
  heart_.start(clock::now());
  guarded([&] {
    read();
    arrange_visit();
  });
}

void ws_session::served() {
  if (unserved_ > 0)
    --unserved_;
  guarded([&] { read_on(); });
}

void ws_session::all_served() {
  unserved_ = 0;
  guarded([&] { read_on(); });
}

void ws_session::read_on() {
  if (phase_ == phase::open && !reading_ && unserved_ < read_credit)
    read();
}

void ws_session::read() {
  auto into = asio::buffer(small_);
  if (text_size_ > 0) {
    auto more = std::min(wire_->ws.read_size_hint(small_.size()), max_piece);
    text_.resize(text_size_ + more);
    into = asio::buffer(text_.data() + text_size_, more);
  }
  reading_ = true;
  wire_->ws.async_read_some(
    into, [self = shared_from_this()](error_code err, size_t n) {
      self->guarded([&] { self->on_some(err, n); });
    });
}

void ws_session::on_some(error_code err, size_t n) {
  reading_ = false;
  if (phase_ == phase::gone)
    return;
  if (err)
    return on_end_of_read(err);
  // A close under way reads on by itself.
  if (phase_ != phase::open)
    return;
  if (!wire_->ws.got_text())
    return close(close_code::unsupported_data, "text frames only");
  take_piece(n);
  read_on();
}

void ws_session::take_piece(size_t n) {
  if (text_size_ == 0)
    text_.assign(small_.data(), n);
  else
    text_.resize(text_size_ + n);
  text_size_ = text_.size();
  if (!wire_->ws.is_message_done())
    return;
  text_size_ = 0;
  deliver(std::exchange(text_, {}));
}

void ws_session::deliver(std::string text) {
  ++unserved_;
  caf::anon_send(actor_, client_frame{std::move(text)});
}

} // namespace parlor::transport
