// SPDX-License-Identifier: MIT
#include "messages/to_connection.hpp"
#include "telemetry/log.hpp"
#include "transport/ws_wire.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

/// How a ws_session ends, and what happens in time.
namespace parlor::transport {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

/// For the peer's close frame once it could have got ours.
constexpr std::chrono::seconds closing_patience{5};

/// For the peer's end once everything was said.
constexpr std::chrono::seconds lingering_patience{1};

/// As much of a reason as a close frame takes (RFC 6455 §5.5), in whole
/// characters.
beast::string_view fitting(std::string_view reason) {
  constexpr size_t most = 123;
  auto size = std::min(reason.size(), most);
  if (size < reason.size())
    while (size > 0 && (reason[size] & 0xC0) == 0x80)
      --size;
  return {reason.data(), size};
}

} // namespace

void ws_session::close(close_code code, std::string_view reason) {
  if (phase_ != phase::entering && phase_ != phase::open)
    return;
  begin_closing();
  ours_ = {code, std::string{reason}, departure::closed};
  closing_handshake_ = true;
  guarded([&] {
    wire_->ws.async_close(
      websocket::close_reason{static_cast<websocket::close_code>(code),
                              fitting(reason)},
      [self = shared_from_this()](error_code err) {
        self->guarded([&] { self->on_closed(err); });
      });
    arrange_visit();
  });
}

void ws_session::close_slow() {
  if (phase_ != phase::entering && phase_ != phase::open)
    return;
  // Told at once: whatever is said to it from now on is lost.
  guarded([&] {
    depart({close_code::slow_consumer, "slow consumer", departure::closed});
  });
  close(close_code::slow_consumer, "slow consumer");
}

void ws_session::begin_closing() noexcept {
  out_.deafen();
  phase_ = phase::closing;
  since_ = clock::now();
}

void ws_session::on_control_close() {
  if (phase_ != phase::open)
    return;
  begin_closing();
  auto& theirs = wire_->ws.reason();
  auto code = theirs.code == websocket::close_code::none
                ? close_code::no_status
                : static_cast<close_code>(theirs.code);
  depart({code, std::string{theirs.reason.data(), theirs.reason.size()},
          departure::closed});
}

void ws_session::on_end_of_read(error_code err) {
  // The close that is under way says how it ended.
  if (!closing_handshake_ || err != asio::error::operation_aborted)
    finish(ours_);
}

void ws_session::on_closed(error_code err) {
  closing_handshake_ = false;
  if (phase_ == phase::gone)
    return;
  // The read that is under way saw the end first and completes it.
  if (!reading_ || err != asio::error::operation_aborted)
    finish(ours_);
}

void ws_session::on_teardown() noexcept {
  if (phase_ == phase::gone)
    return;
  begin_closing();
  lingering_ = true;
  // Beast closes by itself where the peer broke the protocol.
  if (ours_.code == close_code::abnormal)
    ours_.code = out_.close_sent();
  guarded([&] {
    depart(ours_);
    arrange_visit();
  });
}

void ws_session::on_trouble(trouble what) noexcept {
  if (what == trouble::overflow)
    return close_slow();
  guarded([&] {
    // A read finds what the peer said before it went, perhaps a close frame.
    if (!reading_)
      finish(ours_);
    else
      arrange_visit();
  });
}

void ws_session::depart(farewell how) {
  if (std::exchange(departed_, true) || !actor_)
    return;
  caf::anon_send(std::exchange(actor_, nullptr),
                 socket_closed{how.code, std::move(how.reason), how.why});
}

void ws_session::finish(farewell how) {
  if (phase_ == phase::gone)
    return;
  context_.ended.reserve(context_.ended.size() + 1);
  depart(std::move(how));
  phase_ = phase::gone;
  out_.close();
  context_.ended.push_back(context_.sockets.extract(id_));
}

void ws_session::fail(const std::exception& why) noexcept {
  out_.close();
  try {
    log::error("websocket session failed",
               {{"connection", to_string(id_)}, {"problem", why.what()}});
    finish({close_code::internal_error, "internal error", departure::closed});
  } catch (const std::exception&) {
    // Not even memory to say so: the timer wheel tries again.
  }
}

void ws_session::abort() noexcept {
  guarded([&] { finish({close_code::abnormal, "", departure::closed}); });
}

void ws_session::let_go() noexcept {
  phase_ = phase::gone;
  actor_ = nullptr;
  out_.close();
  wire_.reset();
}

// -- time ---------------------------------------------------------------------

clock::time_point ws_session::due() const {
  auto& limits = context_.options.limits;
  switch (phase_) {
    case phase::opening:
    case phase::entering:
      return since_ + limits.handshake_timeout;
    case phase::closing:
      if (!out_.drained())
        return since_ + limits.outbox_stall;
      return std::max(since_, out_.progress_at())
             + (lingering_ ? lingering_patience : closing_patience);
    default: {
      auto result = heart_.due(reading_);
      return out_.drained()
               ? result
               : std::min(result, out_.progress_at() + limits.outbox_stall);
    }
  }
}

bool ws_session::stalled(clock::time_point now) const {
  return !out_.drained()
         && now >= out_.progress_at() + context_.options.limits.outbox_stall;
}

void ws_session::arrange_visit() {
  if (phase_ == phase::gone)
    return;
  auto when = due();
  // What waits now may be gone at the end of the turn already.
  if (phase_ == phase::closing)
    when = std::min(when, since_ + closing_patience);
  context_.visit(id_, visit_, when);
}

void ws_session::on_visit(timer_wheel::tick tick) {
  if (!visit_.keeps(tick) || phase_ == phase::gone)
    return;
  guarded([&] {
    auto now = clock::now();
    if (phase_ == phase::open) {
      if (stalled(now))
        close_slow();
      else if (reading_ && heart_.silent(now))
        finish({close_code::abnormal, "timeout", departure::timeout});
      else if (heart_.ping_due(now))
        out_.append(heart_.ping(now));
    } else if (now >= due()) {
      if (phase_ == phase::entering)
        close(close_code::try_again_later, "overloaded");
      else
        finish(ours_);
    }
    arrange_visit();
  });
}

socket_vitals ws_session::vitals() const {
  return {heart_.round_trip(), out_.waiting()};
}

} // namespace parlor::transport
