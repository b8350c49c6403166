// SPDX-License-Identifier: MIT
#include "cluster/etcd/stay_keeper.hpp"

#include "cluster/etcd/remnant.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace parlor::etcd {

namespace asio = boost::asio;

using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

/// Before another endpoint is asked, and once all have failed.
constexpr milliseconds short_pause{20};
constexpr milliseconds retry_pause{200};

/// For one answer.
constexpr milliseconds longest_patience{2000};

/// For giving back the lease at the end.
constexpr milliseconds farewell_patience{1000};

} // namespace

stay_keeper::stay_keeper(roster_options options, roster_listener& listener)
  : options_{std::move(options)},
    listener_{listener},
    ttl_{options_.ttl},
    table_{options_.prefix + "/nodes/"},
    wanted_{options_.self.state} {
  asio::co_spawn(loop_, run(), [](std::exception_ptr failed) {
    // Ends the process: a node that follows nobody must not go on.
    if (failed)
      std::rethrow_exception(failed);
  });
  thread_ = std::thread{[this] { loop_.run(); }};
  pthread_setname_np(thread_.native_handle(), "parlor-etcd");
}

stay_keeper::~stay_keeper() {
  asio::post(loop_, [this] {
    stopping_ = true;
    rest_.cancel();
    if (now_)
      end(*now_, "this node stops");
  });
  thread_.join();
}

void stay_keeper::set_state(member_state mine) {
  asio::post(loop_, [this, mine] {
    wanted_ = mine;
    wake();
  });
}

void stay_keeper::evict(const member& suspect) {
  asio::post(loop_, [this, id = suspect.id, was = suspect.incarnation] {
    auto* one = told_.find(id);
    if (!now_ || !one || one->incarnation != was || id == options_.self.id)
      return;
    suspects_.insert_or_assign(id, was);
    now_->doubt.cancel();
  });
}

stay_keeper::clock::time_point stay_keeper::lease() const noexcept {
  return lease_.load(std::memory_order_acquire);
}

asio::awaitable<void> stay_keeper::run() {
  while (!stopping_) {
    co_await stay_once();
    if (!stopping_)
      co_await pause(retry_pause);
  }
}

asio::awaitable<void> stay_keeper::stay_once() {
  using namespace asio::experimental::awaitable_operators;
  stay x{loop_, options_.tls};
  now_ = &x;
  if (co_await come_in(x))
    co_await (renew(x) && follow(x) && judge(x));
  now_ = nullptr;
  fence_.cancel();
  told_ = {};
  suspects_.clear();
  auto was_in = lease() != clock::time_point::min();
  lease_.store(clock::time_point::min(), std::memory_order_release);
  if (was_in && !stopping_)
    listener_.on_expelled();
  if (x.lease != lease_id{})
    co_await give_back(x.lease);
}

asio::awaitable<void> stay_keeper::renew(stay& x) {
  // Four attempts before others may take this node for dead.
  using steady = std::chrono::steady_clock;
  auto due = steady::now() + ttl_ / 5;
  auto chores_due = steady::time_point::max();
  while (!x.over) {
    x.wake.expires_at(std::min(due, chores_due));
    error_code ignored;
    co_await x.wake.async_wait(
      asio::redirect_error(asio::use_awaitable, ignored));
    if (x.over)
      break;
    tell(x);
    chores_due = co_await do_chores(x) ? steady::time_point::max()
                                       : steady::now() + pause_after_failure();
    if (!x.over && steady::now() >= due)
      due = co_await renew_once(x) ? steady::now() + ttl_ / 5
                                   : steady::now() + pause_after_failure();
  }
}

asio::awaitable<bool> stay_keeper::renew_once(stay& x) {
  auto sent = clock::now();
  auto answered = co_await ask(x.requests, keep_alive(x.lease),
                               &read_keep_alive);
  auto* left = std::get_if<int64_t>(&answered);
  if (x.over || !left)
    co_return false;
  if (*left <= 0) {
    end(x, "the lease is gone");
    co_return false;
  }
  extend(sent);
  if (x.settled)
    certain_ = told_;
  co_await check_history(x);
  co_return !x.over;
}

/// What was asked for from outside: to say that this node lives, and to be seen
/// in another state. False where some of it is still to be done.
asio::awaitable<bool> stay_keeper::do_chores(stay& x) {
  if (!co_await answer_challenges(x))
    co_return false;
  while (!x.over && x.state != wanted_) {
    auto self = options_.self;
    self.state = wanted_;
    auto done = co_await ask(x.requests,
                             change_key(key(), x.created,
                                        encode_member(self, options_.terms),
                                        x.lease),
                             &read_outcome);
    auto* changed = std::get_if<outcome>(&done);
    if (!changed)
      co_return false;
    if (!changed->succeeded)
      end(x, "the key is gone");
    x.state = self.state;
  }
  co_return true;
}

asio::awaitable<void> stay_keeper::follow(stay& x) {
  while (!x.over) {
    auto from = current_;
    auto problem = co_await x.changes.stream(
      options_.endpoints[from],
      watch_all(challenges_prefix(), nodes_prefix(), x.next), patience(),
      [&](std::string_view line) { return take_step(x, line); });
    if (x.over)
      break;
    move_on(from, problem);
    co_await pause(pause_after_failure());
  }
}

/// False where the watch has to be made anew, or the stay is over.
bool stay_keeper::take_step(stay& x, std::string_view line) {
  auto read = read_watch_step(line);
  auto* step = std::get_if<watch_step>(&read);
  if (!step) {
    log::warn("etcd tells of no changes",
              {{"problem", std::get<failure>(read).reason}});
    return false;
  }
  if (step->canceled) {
    if (step->compacted)
      end(x, "the changes since then are compacted");
    return false;
  }
  if (!objection(read_store(line)).empty())
    return false;
  for (const auto& one : step->changes)
    if (one.what.key == history_key()) {
      end(x, "etcd's history begins anew");
      return false;
    }
  note_challenges(x, step->changes);
  for (auto& now : table_.apply(step->changes)) {
    announce(x, now);
    if (x.over)
      return false;
  }
  auto known = !step->changes.empty() ? step->changes.back().what.changed
               : !step->created       ? step->revision
                                      : 0;
  x.next = std::max(x.next, known + 1);
  return true;
}

/// Tells of a view, unless this node is not in it as itself.
void stay_keeper::announce(stay& x, const view& now) {
  auto* self = now.find(options_.self.id);
  if (!self || self->incarnation != x.incarnation
      || self->address != options_.self.address) {
    end(x, "the key is gone");
    return;
  }
  accord_with({{}, table_.differences(options_.terms, options_.self.id)});
  told_ = now;
  known_ = std::max(known_, now.revision);
  std::erase_if(suspects_, [&](const auto& one) {
    auto* still = now.find(one.first);
    return !still || still->incarnation != one.second;
  });
  if (!x.settled)
    return tell(x);
  if (now.members.size() >= certain_.members.size())
    certain_ = now;
  listener_.on_view(now);
}

/// The first view of a stay is told once nobody is waited for, who may know what
/// this node does not; for as long as a lease lasts.
void stay_keeper::tell(stay& x) {
  if (x.settled || x.over
      || (is_remnant(told_, certain_) && clock::now() < x.since + ttl_))
    return;
  x.settled = true;
  certain_ = told_;
  listener_.on_view(told_);
}

void stay_keeper::end(stay& x, std::string_view why) {
  if (std::exchange(x.over, true))
    return;
  if (!stopping_)
    log::warn("out of the cluster",
              {{"node", options_.self.id.str()}, {"why", why}});
  x.requests.close();
  x.changes.close();
  x.judgements.close();
  x.wake.cancel();
  x.doubt.cancel();
  x.objection.cancel();
}

void stay_keeper::extend(clock::time_point sent) {
  auto until = sent + ttl_ * 9 / 10;
  if (until <= lease())
    return;
  lease_.store(until, std::memory_order_release);
  listener_.on_lease(until);
  wait_for_fence();
}

void stay_keeper::wait_for_fence() {
  fence_.expires_after(lease() - clock::now());
  fence_.async_wait([this](error_code canceled) {
    if (!canceled && now_ && !now_->over && clock::now() >= lease())
      listener_.on_fenced();
  });
}

void stay_keeper::note(size_t from, const failure* bad) {
  if (bad && !bad->lease_is_gone) {
    move_on(from, bad->reason);
  } else if (auto failed = std::exchange(failures_, 0)) {
    log::info("etcd answers", {{"after_failures", failed}});
    complaints_.clear();
  }
}

/// Not worth waiting for: without this the key ends with its lease.
asio::awaitable<void> stay_keeper::give_back(lease_id lease) {
  http_client client{loop_, options_.tls};
  auto count = options_.endpoints.size();
  for (size_t i = 0; i < count; ++i) {
    auto came = co_await client.post(
      options_.endpoints[(current_ + i) % count], revoke(lease),
      farewell_patience / static_cast<int64_t>(count));
    if (came.problem.empty() && came.status < 500)
      co_return;
  }
}

asio::awaitable<void> stay_keeper::pause(milliseconds time) {
  co_await sleep(rest_, time);
}

/// Until then, or until the timer is canceled.
asio::awaitable<void> stay_keeper::sleep(asio::steady_timer& by,
                                         clock::duration time) {
  by.expires_after(time);
  error_code ignored;
  co_await by.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Asks another endpoint from now on, and follows the changes there: who is
/// cut off from etcd's leader may be silent for ever. Nothing where this was
/// noticed already.
void stay_keeper::move_on(size_t from, std::string_view why) {
  if (from != current_ || (now_ && now_->over))
    return;
  ++failures_;
  // What goes on failing in the same way is logged once.
  if (auto& last = complaints_[from]; last != why) {
    log::warn("etcd fails", {{"endpoint", to_string(options_.endpoints[from])},
                             {"problem", why}});
    last = why;
  }
  current_ = (from + 1) % options_.endpoints.size();
  if (now_ && options_.endpoints.size() > 1)
    now_->changes.drop();
}

void stay_keeper::wake() {
  if (now_)
    now_->wake.cancel();
}

std::string stay_keeper::key_of(const node_id& who) const {
  return nodes_prefix() + who.str();
}

milliseconds stay_keeper::pause_after_failure() const {
  return failures_ < options_.endpoints.size() ? short_pause : retry_pause;
}

/// So long that four endpoints can be asked before the lease ends.
milliseconds stay_keeper::patience() const {
  return std::min(ttl_ / 5, longest_patience);
}

} // namespace parlor::etcd
