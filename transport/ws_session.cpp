// SPDX-License-Identifier: MIT
#include "transport/ws_session.hpp"

#include "messages/to_connection.hpp"
#include "telemetry/log.hpp"
#include "transport/ws_answer.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

/// How a ws_session begins and reads; its end is in ws_session_end.cpp.
namespace parlor::transport {

namespace {

/// How much of what is read costs as much as a short message.
constexpr size_t weighty_bytes = 1024;

} // namespace

ws_session::ws_session(thread_context& context, takeover from,
                       const accepted_upgrade& upgrade)
  : out_{std::move(from.socket), context.now,
         context.options.limits.outbox_bytes, deflate_reach(upgrade.deflate),
         *this},
    context_{context},
    reader_{context.options.limits.message_bytes,
            upgrade.deflate ? context.inflates.get() : nullptr, upgrade.echo},
    speaks_{upgrade.shake.speaks},
    echoes_{upgrade.echo},
    readable_{from.readable},
    ends_{from.ends},
    heart_{context.options.limits.heartbeat_interval,
           context.options.limits.heartbeat_timeout},
    since_{clock::now()} {
  // Not its memory, where it is empty.
  if (!from.early.empty())
    rest_ = std::move(from.early);
}

void ws_session::start(thread_context& context, takeover from,
                       accepted_upgrade upgrade) {
  auto id = context.sockets.insert(
    std::make_unique<ws_session>(context, std::move(from), upgrade));
  if (!id)
    return log::error("connection table is full", {});
  auto& self = **context.sockets.find(id);
  self.id_ = id;
  self.guarded([&] { self.begin(std::move(upgrade)); });
}

void ws_session::begin(accepted_upgrade upgrade) {
  context_.ready.pass_on(out_.socket(), *this);
  out_.begin(upgrade_answer(upgrade));
  arrange_visit();
  if (echoes_)
    return begin_echo();
  if (upgrade.views && is_crowded())
    return close(close_code::at_capacity, "Server at capacity");
  ++context_.counts.opened;
  upgrade.shake.id = id_;
  try {
    auto& calls = context_.calls;
    actor_ = upgrade.views ? calls.inspection->view(upgrade.shake)
                           : calls.open(upgrade.shake);
  } catch (const std::exception& e) {
    log::error("connection actor cannot be started", {{"problem", e.what()}});
  }
  if (!actor_)
    return close(close_code::internal_error, "internal error");
  // It may have been admitted already.
  read();
}

/// For those of whom the registry, which counts the others, does not know.
bool ws_session::is_crowded() const {
  auto most = context_.options.limits.max_connections;
  return most > 0 && context_.sockets.size() > most;
}

void ws_session::begin_echo() {
  if (is_crowded())
    return close(close_code::at_capacity, "Server at capacity");
  hear();
  if (context_.closing)
    turn_away();
}

// -- reading ------------------------------------------------------------------

void ws_session::on_ready(readiness what) noexcept {
  guarded([&] {
    if (phase_ == phase::gone)
      return;
    if (what.writable || visited_) {
      out_.writable();
      if (echoes_) {
        go_on_echoing();
      } else if (visited_ || awaited_ > 0) {
        out_.flush();
        go_on_serving();
      }
    }
    ends_ |= what.ended;
    readable_ |= what.readable;
    if (!read())
      return;
    if (out_.is_dead())
      end_dead();
    if (visited_)
      judge_late();
  });
}

void ws_session::keep(const frame& what) {
  kept_bytes_ += what.bytes().size();
  if (kept_bytes_ > context_.options.limits.outbox_bytes)
    return close_slow();
  kept_.push_back(what);
}

std::vector<frame> ws_session::take_kept() {
  kept_bytes_ = 0;
  return std::exchange(kept_, {});
}

void ws_session::admit() {
  admitted_ = true;
  hear();
}

void ws_session::hear() {
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
  if (unserved_ > 0 && unserved_-- == read_credit)
    read_again();
  go_on_serving();
  end_when_served();
}

void ws_session::all_served() {
  if (std::exchange(unserved_, 0) >= read_credit)
    read_again();
  go_on_serving();
  end_when_served();
}

/// What has waited for this turn's end alone goes out now: nobody would be told
/// that it has.
bool ws_session::has_room_for(size_t under_way) {
  auto room = out_.has_room();
  if (!room && !out_.waits()) {
    out_.flush();
    room = out_.has_room();
  }
  return room && unserved_ <= under_way;
}

bool ws_session::may_serve(size_t held, size_t most) {
  auto under_way = held + most - 1;
  if (has_room_for(under_way))
    return true;
  awaited_ = static_cast<uint32_t>(std::min<size_t>(under_way, read_credit));
  return false;
}

/// For an actor that waits for room, or for answers.
void ws_session::go_on_serving() {
  if (awaited_ > 0 && actor_ && has_room_for(awaited_)) {
    awaited_ = 0;
    caf::anon_send(actor_, atom::alarm_v);
  }
}

/// There is credit again; the silence until now was not the peer's. Not at once:
/// whoever is served as fast as it speaks would have the whole turn.
void ws_session::read_again() noexcept {
  heart_.heard(clock::now());
  if (readable_ || !rest_.empty())
    read_later();
}

bool ws_session::wants_input() const noexcept {
  if (phase_ == phase::open)
    return (actor_ || echoes_) && unserved_ < read_credit && !expelled_;
  return phase_ == phase::closing || phase_ == phase::lingering;
}

/// False where that has to wait for another turn.
bool ws_session::read() {
  if (!wants_input() || (!readable_ && rest_.empty()))
    return true;
  if (!context_.clients.admit()) {
    read_later();
    return false;
  }
  if (!rest_.empty() && wants_input()) {
    auto kept = std::exchange(rest_, {});
    understand(kept);
  }
  while (readable_ && wants_input() && !context_.clients.over())
    read_some();
  if (readable_ && wants_input())
    read_later();
  return true;
}

/// In the next turn, behind others.
void ws_session::read_later() noexcept {
  context_.clients.postpone(*this);
}

void ws_session::read_some() {
  auto& input = context_.input;
  auto kept = static_cast<size_t>(
    std::copy(rest_.begin(), rest_.end(), input.begin()) - input.begin());
  auto got = out_.read({input.data() + kept, input.size() - kept});
  readable_ = got.goes_on(ends_);
  if (got.bytes > 0) {
    context_.counts.bytes_received += got.bytes;
    context_.clients.spend(1 + got.bytes / weighty_bytes);
    heart_.heard(clock::now());
    rest_.clear();
    understand({input.data(), kept + got.bytes});
  } else if (got.then == intake::state::ended) {
    on_end_of_input();
  } else if (got.then == intake::state::broken) {
    finish(how_);
  }
}

void ws_session::understand(std::span<char> input) {
  while (phase_ != phase::lingering && wants_input()) {
    auto found = reader_.next(input);
    if (says_too_little(found))
      return expel();
    switch (found) {
      case finding::nothing:
        return void(rest_.assign(input.begin(), input.end()));
      case finding::message:
        deliver(reader_.take_message());
        break;
      case finding::ping:
        out_.append(pong_frame(reader_.payload()));
        break;
      case finding::pong:
        heart_.pong(reader_.payload(), clock::now());
        break;
      case finding::close:
        return on_close_frame();
      case finding::violation:
        return break_off(reader_.code(), reader_.reason());
    }
  }
  if (phase_ == phase::open)
    rest_.assign(input.begin(), input.end());
}

/// Whether it has sent too much that is neither a message nor a part of one.
bool ws_session::says_too_little(finding what) {
  auto many = reader_.take_empty_fragments();
  if (what == finding::ping || what == finding::pong)
    ++many;
  return many > 0 && !controls_.allows(many, clock::now());
}

/// Its actor says why, and closes; nothing more is read until then.
void ws_session::expel() {
  constexpr std::string_view reason = "Too many control frames";
  if (phase_ != phase::open || !actor_)
    return break_off(close_code::policy_violation, reason);
  expelled_ = true;
  caf::anon_send(actor_, dismissed{close_code::policy_violation,
                                   std::string{reason}, departure::closed, 0});
}

void ws_session::deliver(std::string text) {
  if (phase_ != phase::open)
    return;
  if (echoes_)
    return echo(text);
  ++unserved_;
  caf::anon_send(actor_, client_frame{std::move(text)});
}

/// What the kernel does not take at once uses up the credit.
void ws_session::echo(std::string_view message) {
  auto binary = reader_.binary();
  auto what = binary ? frame::binary(message) : frame{message};
  both_forms forms{context_.now, binary ? nullptr : context_.deflates.get(),
                   what, deflater::least_for_one};
  push(forms);
  out_.flush();
  if (!out_.drained())
    unserved_ = read_credit;
}

void ws_session::go_on_echoing() {
  out_.flush();
  if (out_.drained())
    all_served();
}

void ws_session::on_close_frame() {
  if (phase_ != phase::open)
    return conclude();
  how_ = {reader_.code(), std::string{reader_.reason()}, departure::closed};
  on_last_word();
}

void ws_session::break_off(close_code code, std::string_view reason) {
  if (phase_ == phase::open) {
    how_ = {code, std::string{reason}, departure::closed};
    out_.append_last(close_frame(how_.code, how_.reason));
  }
  conclude();
}

/// Where a close frame is still to be sent, that comes first. A peer that ends
/// its half alone hears the answers to what it said.
void ws_session::on_end_of_input() {
  readable_ = false;
  ended_ = true;
  if (phase_ == phase::closing) {
    conclude();
  } else if (phase_ == phase::open && !out_.is_dead()) {
    on_last_word();
  } else if (phase_ != phase::lingering || shut_) {
    finish(how_);
  }
}

/// The peer says no more. What it is told in this turn goes out yet.
void ws_session::on_last_word() {
  phase_ = phase::ending;
  since_ = clock::now();
  std::string{}.swap(rest_);
  if (!owes())
    return say_goodbye();
  arrange_visit();
}

/// Whether the peer is to hear answers yet.
bool ws_session::owes() const noexcept {
  return unserved_ > 0 && actor_ && !out_.is_dead();
}

void ws_session::end_when_served() {
  if (phase_ == phase::ending && !owes())
    guarded([&] {
      say_goodbye();
      // Nothing was read meanwhile, not even the end.
      if (readable_)
        read_later();
    });
}

/// All that the peer said is served, or was waited for long enough.
void ws_session::say_goodbye() {
  if (how_.code == close_code::abnormal)
    return conclude();
  say_goodbye(how_.code, {});
}

void ws_session::say_goodbye(close_code code, std::string_view reason) {
  out_.append_last(close_frame(code, reason));
  conclude();
}

} // namespace parlor::transport
