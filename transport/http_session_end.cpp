// SPDX-License-Identifier: MIT
#include "transport/http_exchange.hpp"
#include "transport/http_session.hpp"

#include <algorithm>
#include <utility>

// How an http_session ends, and what happens in time.
namespace parlor::transport {

namespace {

/// For the peer to take our last answer, or more of it.
constexpr std::chrono::seconds draining_patience{5};

/// How often it is looked what the peer takes, in the time for doing so.
constexpr int looks = 4;

} // namespace

void http_session::finish() noexcept {
  if (std::exchange(phase_, phase::gone) == phase::gone)
    return;
  socket_.close();
  context_.bury(context_.requests.extract(id_));
}

void http_session::enter(phase next) {
  phase_ = next;
  since_ = clock::now();
  arrange_visit();
}

void http_session::arrange_visit() {
  auto next = clock::now() + patience() / looks;
  context_.visit_request(id_, visit_,
                         left_ > 0 ? std::min(due(), next) : due());
}

/// It had no answer yet.
bool http_session::is_new() const noexcept {
  return phase_ == phase::reading_head && serial_ == 1;
}

clock::duration http_session::patience() const {
  auto& limits = context_.options.limits;
  if (phase_ == phase::draining)
    return draining_patience;
  return is_new() ? limits.handshake_timeout : limits.http_idle;
}

/// Who takes something of what it was told is not idle, however little. Nothing
/// else tells: the kernel says nothing before it has much room again, and has
/// taken the last of an answer long before the peer has it.
void http_session::look() {
  auto left = is_new() ? 0 : out_.size() - written_ + socket_.under_way();
  if (std::exchange(left_, left) > left)
    since_ = clock::now();
}

void http_session::on_visit(timer_wheel::tick tick) {
  if (!visit_.keeps(tick) || phase_ == phase::gone)
    return;
  // What came in time is read before, however late that is.
  visited_ = true;
  readable_ = true;
  read_later();
}

void http_session::judge_time() {
  visited_ = false;
  if (phase_ == phase::gone)
    return;
  look();
  if (clock::now() < due())
    arrange_visit();
  else
    give_up();
}

void http_session::excuse(clock::duration pause) noexcept {
  since_ = std::min(since_ + pause, clock::now());
}

/// Whoever is waited for has had its time.
void http_session::give_up() {
  auto begun = phase_ == phase::reading_body
               || (phase_ == phase::reading_head
                   && (!rest_.empty() || exchange_->parser.got_some()));
  if (!socket_.is_established() || (!begun && phase_ != phase::waiting))
    return finish();
  keep_alive_ = false;
  if (phase_ == phase::waiting)
    return refuse({503, "The answer took too long.", {}});
  head_only_ = false;
  refuse({408, "The request took too long.", {}});
}

} // namespace parlor::transport
