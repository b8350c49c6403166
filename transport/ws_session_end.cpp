// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "messages/to_connection.hpp"
#include "telemetry/log.hpp"
#include "transport/ws_answer.hpp"
#include "transport/ws_session.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

/// How a ws_session ends, and what happens in time.
namespace parlor::transport {

namespace {

/// For the peer's close frame once it could have got ours.
constexpr std::chrono::seconds closing_patience{5};

/// For the peer's end once everything was said.
constexpr std::chrono::seconds lingering_patience{1};

/// Between two looks at what a peer takes that is sent home: what it took counts
/// from the look that sees it.
constexpr std::chrono::seconds look_pause{1};

} // namespace

void ws_session::close(close_code code, std::string_view reason) {
  // The peer was first, and its close frame counts where it sent one.
  if (phase_ == phase::ending)
    return guarded([&] {
      if (how_.code == close_code::abnormal)
        how_ = {code, std::string{reason}, departure::closed};
      say_goodbye(code, reason);
      if (readable_)
        read_later();
    });
  if (phase_ != phase::entering && phase_ != phase::open)
    return;
  phase_ = phase::closing;
  since_ = clock::now();
  guarded([&] {
    how_ = {code, std::string{reason}, departure::closed};
    out_.append_last(close_frame(code, reason));
    arrange_visit();
    // Not here: this may be within another session's reading, of whose buffer
    // there is one for all.
    if (readable_ || !rest_.empty())
      read_later();
  });
}

void ws_session::close_slow() {
  if (phase_ == phase::ending)
    return guarded([&] { say_goodbye(); });
  if (phase_ != phase::entering && phase_ != phase::open)
    return;
  // Told at once: whatever is said to it from now on is lost.
  guarded([&] {
    depart({close_code::slow_consumer, "slow consumer", departure::closed});
  });
  close(close_code::slow_consumer, "slow consumer");
}

void ws_session::shed() noexcept {
  guarded([&] {
    if (closes())
      return finish(how_);
    out_.cut();
    close_slow();
  });
}

/// Both sides have said all. A socket that is closed with unread input resets,
/// and the peer may then lose our last bytes: so it is read to its end.
void ws_session::conclude() {
  if (phase_ >= phase::lingering)
    return;
  phase_ = phase::lingering;
  since_ = clock::now();
  std::string{}.swap(rest_);
  depart(how_);
  out_.shut_when_drained();
  arrange_visit();
}

void ws_session::on_shut() noexcept {
  shut_ = true;
  if (ended_)
    guarded([&] { finish(how_); });
}

void ws_session::on_trouble(trouble what) noexcept {
  if (what == trouble::overflow)
    return close_slow();
  guarded([&] {
    // What the peer said before it went may be a close frame. It is read behind
    // this turn, and then the session ends.
    ends_ = true;
    readable_ = true;
    since_ = clock::now();
    read_later();
  });
}

/// Nothing can be sent any more. What the peer has said before is read once it is
/// admitted, or has credit.
void ws_session::end_dead() {
  auto waits = phase_ == phase::entering
               || (phase_ == phase::open && (readable_ || !wants_input()));
  if (waits && actor_ && (!rest_.empty() || out_.has_input()))
    return arrange_visit();
  finish(how_);
}

void ws_session::depart(farewell how) {
  if (std::exchange(departed_, true) || echoes_)
    return;
  ++context_.counts.closed[index_of(how.code)];
  if (!actor_)
    return;
  caf::anon_send(std::exchange(actor_, nullptr),
                 socket_closed{how.code, std::move(how.reason), how.why});
}

void ws_session::finish(farewell how) {
  if (phase_ == phase::gone)
    return;
  depart(std::move(how));
  phase_ = phase::gone;
  out_.close();
  context_.bury(context_.sockets.extract(id_));
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

void ws_session::turn_away() {
  if (echoes_)
    return close(close_code::service_restart, "Server is closing");
  if (phase_ == phase::open && !admitted_ && actor_)
    caf::anon_send(actor_, dismissed{close_code::service_restart,
                                     "Server is closing", departure::closed,
                                     uint64_t{first_return.count()}});
}

void ws_session::abort() noexcept {
  guarded([&] { finish({close_code::abnormal, "", departure::closed}); });
}

// -- time ---------------------------------------------------------------------

void ws_session::wake(clock::time_point at) {
  alarm_ = at;
  guarded([&] { arrange_visit(); });
}

clock::time_point ws_session::due() const {
  auto& limits = context_.options.limits;
  auto stall = std::max(since_, out_.progress_at()) + limits.outbox_stall;
  switch (phase_) {
    case phase::entering:
      return since_ + limits.handshake_timeout;
    case phase::open: {
      if (out_.is_dead())
        return since_ + parting_patience;
      auto result = std::min(heart_.due(wants_input()), alarm_);
      // Progress is seen by looking alone.
      return out_.waits() ? std::min(
               {result, stall, out_.looked_at() + limits.outbox_stall / 4})
                          : result;
    }
    case phase::ending:
      // What is owed waits for what the peer takes.
      return out_.waits() ? out_.progress_at() + limits.outbox_stall
                          : since_ + parting_patience;
    default:
      if (!out_.drained())
        return stall;
      return std::max(since_, out_.progress_at())
             + (phase_ == phase::closing ? closing_patience
                                         : lingering_patience);
  }
}

bool ws_session::stalled(clock::time_point now) const {
  return out_.waits()
         && now >= out_.progress_at() + context_.options.limits.outbox_stall;
}

void ws_session::arrange_visit() {
  if (phase_ == phase::gone)
    return;
  auto when = due();
  // What waits now may be gone at the end of the turn already.
  if (phase_ >= phase::ending)
    when = std::min(when, clock::now() + look_pause);
  context_.visit(id_, visit_, when);
}

void ws_session::excuse(clock::duration pause) {
  auto now = clock::now();
  since_ = std::min(since_ + pause, now);
  heart_.excuse(pause, now);
  out_.excuse(pause, now);
}

/// Whether anything is to be done that the client could still prevent.
bool ws_session::overdue(clock::time_point now) const {
  if (phase_ != phase::open)
    return now >= due();
  return stalled(now) || (wants_input() && heart_.silent(now)) || now >= alarm_;
}

void ws_session::on_visit(timer_wheel::tick tick) {
  if (!visit_.keeps(tick) || phase_ == phase::gone)
    return;
  guarded([&] {
    auto now = clock::now();
    heart_.taken(out_.look(now), now);
    if (phase_ == phase::ending && out_.waits())
      since_ = std::max(since_, out_.progress_at());
    if (!overdue(now)) {
      judge(now);
      return arrange_visit();
    }
    // What came in time is read before, however late that is: this thread may
    // have been late by more than any deadline.
    visited_ = true;
    readable_ = true;
    read_later();
  });
}

/// What came before an overdue visit was read.
void ws_session::judge_late() {
  visited_ = false;
  if (phase_ == phase::gone)
    return;
  judge(clock::now());
  arrange_visit();
}

void ws_session::judge(clock::time_point now) {
  if (phase_ == phase::open && out_.is_dead()) {
    if (now >= due())
      finish(how_);
  } else if (phase_ == phase::open) {
    if (stalled(now))
      close_slow();
    else if (wants_input() && heart_.silent(now))
      finish({close_code::abnormal, "timeout", departure::timeout});
    else if (heart_.ping_due(now))
      out_.append(heart_.ping(now, out_.end()));
    if (now >= alarm_ && actor_) {
      alarm_ = clock::time_point::max();
      caf::anon_send(actor_, atom::alarm_v);
    }
  } else if (now >= due()) {
    if (phase_ == phase::entering)
      close(close_code::try_again_later, "overloaded");
    else if (phase_ == phase::ending)
      say_goodbye();
    else
      finish(how_);
  }
}

socket_vitals ws_session::vitals() const {
  return {heart_.round_trip(), out_.waiting()};
}

} // namespace parlor::transport
