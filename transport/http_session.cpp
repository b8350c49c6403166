// SPDX-License-Identifier: MIT
#include "transport/http_session.hpp"

#include "messages/to_admin.hpp"
#include "telemetry/log.hpp"
#include "transport/answerer.hpp"
#include "transport/http_date.hpp"
#include "transport/http_exchange.hpp"
#include "transport/request_body.hpp"

#include <caf/send.hpp>

#include <exception>
#include <span>
#include <utility>

namespace parlor::transport {

namespace http = boost::beast::http;

namespace {

/// What is read at once: what comes behind a request is kept until that is
/// answered. TLS wants room for two records.
constexpr size_t piece_bytes = max_header_bytes;
constexpr size_t secure_piece_bytes = 2 * max_header_bytes;

/// What a request costs among all that is read, and how much of it costs 1.
constexpr unsigned request_weight = 8;
constexpr size_t weighty_bytes = 256;

/// The refusal that becomes of Beast's error; status 0 where there is none.
refusal refusal_of(error_code err) {
  if (err == http::error::header_limit)
    return {431, "The header, or what is around a chunk, is too long.", {}};
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

http_session::http_session(thread_context& context, stream socket,
                           const asio::ip::address& peer, audience whom)
  : context_{context},
    socket_{std::move(socket)},
    peer_{peer},
    serves_{whom},
    since_{clock::now()},
    share_{context.body_bytes} {}

http_session::~http_session() = default;

void http_session::start(thread_context& context, stream socket,
                         asio::ip::address peer, audience whom) {
  if (peer.is_v6() && peer.to_v6().is_v4_mapped())
    peer = asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6());
  auto id = context.requests.insert(
    std::make_unique<http_session>(context, std::move(socket), peer, whom));
  if (!id)
    return log::error("request table is full", {});
  auto& self = **context.requests.find(id);
  self.id_ = id;
  self.guarded([&] {
    if (auto err = context.ready.watch(self.socket_.socket(), self)) {
      log::error("socket cannot be watched", {{"problem", err.message()}});
      return self.finish();
    }
    self.read_head();
  });
}

// -- reading ------------------------------------------------------------------

void http_session::on_ready(readiness what) noexcept {
  guarded([&] {
    if (phase_ == phase::gone)
      return;
    ends_ |= what.ended;
    readable_ |= what.readable;
    if (what.writable || visited_)
      write_on();
    if (read() && visited_)
      judge_time();
  });
}

bool http_session::wants_input() const noexcept {
  return phase_ == phase::reading_head || phase_ == phase::reading_body
         || phase_ == phase::draining;
}

void http_session::read_head() {
  exchange_ = std::make_unique<http_exchange>();
  ++serial_;
  enter(phase::reading_head);
}

/// A part of a handshake may take as long as all that is read in a turn.
unsigned http_session::weight() const noexcept {
  return socket_.is_established() ? request_weight : time_slice<>::stride;
}

/// Also what came behind the last request; false where that has to wait.
bool http_session::read() {
  if (!wants_input() || (!readable_ && rest_.empty()))
    return true;
  if (!context_.strangers.admit(weight())) {
    read_later();
    return false;
  }
  if (!rest_.empty())
    understand(std::exchange(rest_, {}));
  while (readable_ && wants_input() && !context_.strangers.over())
    read_some();
  if (readable_ && wants_input())
    read_later();
  return true;
}

/// In the next turn, behind others.
void http_session::read_later() noexcept {
  context_.strangers.postpone(*this);
}

void http_session::read_some() {
  std::span input{context_.input};
  auto got = socket_.read(
    input.first(socket_.is_secure() ? secure_piece_bytes : piece_bytes));
  readable_ = got.goes_on(ends_);
  context_.strangers.spend(1 + got.bytes / weighty_bytes);
  if (got.bytes > 0) {
    if (phase_ == phase::reading_body)
      since_ = clock::now();
    rest_.append(input.data(), got.bytes);
    understand(std::exchange(rest_, {}));
  } else if (got.then == intake::state::ended) {
    finish();
  } else if (got.then == intake::state::broken) {
    on_broken();
  }
}

/// Whoever asks in plain HTTP where TLS is spoken gets a plain answer.
void http_session::on_broken() {
  auto* tls = socket_.tls();
  if (tls != nullptr && tls->problem() != nullptr)
    log::debug("tls failed",
               {{"ip", peer_.to_string()}, {"problem", tls->problem()}});
  if (tls == nullptr || !tls->heard_plain_http())
    return finish();
  socket_.strip();
  refuse({400, "This port speaks HTTPS and WSS alone.", {}});
}

void http_session::understand(std::string input) {
  if (phase_ == phase::draining)
    return;
  rest_ = std::move(input);
  if (phase_ == phase::reading_head && take(&http_exchange::take_head)
      && exchange_->parser.is_header_done())
    on_head();
  if (phase_ == phase::reading_body && take(&http_exchange::take_body)
      && share_body(exchange_->parser.get().body().capacity())
      && exchange_->parser.is_done())
    ask();
  // Who is idle holds nothing.
  if (rest_.empty())
    std::string{}.swap(rest_);
}

/// Lets the parser take what it can of what was read; false where it refuses.
bool http_session::take(error_code (http_exchange::*part)(std::string_view&)) {
  std::string_view input{rest_};
  auto err = (*exchange_.*part)(input);
  rest_.erase(0, rest_.size() - input.size());
  if (err)
    refuse_error(err);
  return !err;
}

void http_session::on_head() {
  auto head = exchange_->head();
  head_only_ = head.method == "HEAD";
  keep_alive_ = exchange_->parser.get().keep_alive();
  judge(head);
}

void http_session::take_body(bool continues) {
  if (exchange_->parser.is_done())
    return ask();
  auto length = exchange_->parser.content_length();
  if (!share_body(static_cast<size_t>(length.value_or(0))))
    return;
  if (!continues || exchange_->parser.get().version() < 11)
    return enter(phase::reading_body);
  enter(phase::continuing);
  write("HTTP/1.1 100 Continue\r\n\r\n");
}

/// False where all bodies together would hold too much, which is answered.
bool http_session::share_body(size_t bytes) {
  if (share_.grow_to(bytes))
    return true;
  refuse({503, "Too many bodies are under way.", {{"Retry-After", "1"}}});
  return false;
}

// -- answering ----------------------------------------------------------------

void http_session::ask() {
  enter(phase::waiting);
  asked_->body = std::move(exchange_->parser.get().body());
  auto reply = std::make_shared<answerer>(context_.answers, id_, serial_);
  answer_without_admin(context_.loop, asked_->call, reply);
  asked_->reply = std::move(reply);
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
  head_only_ = false;
  keep_alive_ = false;
  auto why = refusal_of(err);
  if (why.status == 0)
    finish();
  else
    refuse(why);
}

void http_session::refuse(const refusal& why) {
  reply_unread(to_reply(why));
}

/// It is never read: there is nothing that it could mean.
void http_session::refuse_body() {
  refuse({400, "A body means nothing here.", {}});
}

void http_session::reply_unread(const http_reply& what) {
  // A body that was not read would be taken for the next request.
  if (!exchange_->parser.is_done())
    keep_alive_ = false;
  reply(what);
}

void http_session::reply(const http_reply& what) {
  // What was read of it, however long that takes to be told.
  exchange_.reset();
  share_.give_back();
  enter(phase::writing);
  write(render(what, keep_alive_, head_only_,
               http_date(std::chrono::system_clock::now())));
}

void http_session::write(std::string what) {
  out_ = std::move(what);
  written_ = 0;
  left_ = out_.size();
  write_on();
}

void http_session::write_on() {
  if (!socket_.flush())
    return finish();
  while (written_ < out_.size()) {
    auto sent = socket_.write(std::string_view{out_}.substr(written_));
    if (sent < 0)
      return finish();
    if (sent == 0)
      return;
    written_ += static_cast<size_t>(sent);
  }
  if (socket_.waiting() > 0)
    return;
  if (!out_.empty())
    on_written();
  else if (phase_ == phase::draining)
    socket_.shut();
}

void http_session::on_written() {
  std::string{}.swap(out_);
  if (phase_ == phase::continuing) {
    enter(phase::reading_body);
  } else if (keep_alive_) {
    read_head();
  } else {
    enter(phase::draining);
    socket_.shut();
  }
  // Not from here, where reading may be going on already.
  if (!rest_.empty() || readable_)
    read_later();
}

} // namespace parlor::transport
