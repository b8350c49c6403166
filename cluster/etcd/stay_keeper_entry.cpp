// SPDX-License-Identifier: MIT
#include "cluster/etcd/stay_keeper.hpp"

#include "cluster/etcd/history.hpp"
#include "cluster/version.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace parlor::etcd {

namespace asio = boost::asio;

namespace {

/// Before it is looked again whether another node still has this one's name.
constexpr std::chrono::milliseconds name_pause{1000};

/// For the answer of who has this node's name, at least. Nothing waits for it but
/// a start.
constexpr std::chrono::milliseconds holder_patience{250};

} // namespace

/// Gets a lease, makes the key with it, and learns who is in at the very
/// revision that this made.
asio::awaitable<bool> stay_keeper::come_in(stay& x) {
  if (!co_await choose_store(x) || !co_await go_on_in_history(x))
    co_return false;
  auto sent = clock::now();
  auto granted = co_await ask(x.requests, grant_lease(options_.ttl.count()),
                              &read_grant);
  auto* lease = std::get_if<grant>(&granted);
  if (!lease || x.over)
    co_return false;
  x.lease = lease->lease;
  ttl_ = std::chrono::seconds{lease->ttl};
  if (!co_await take_key(x))
    co_return false;
  auto all = co_await ask(
    x.requests, read_all(history_key(), nodes_prefix(), x.next), &read_range);
  auto* there = std::get_if<range>(&all);
  if (!there || x.over)
    co_return false;
  if (disagrees(there->entries, x.created))
    co_return false;
  // Another node may have begun another history meanwhile.
  offset_ = read_history(there->entries, history_key()).offset;
  x.incarnation = incarnation{offset_ + x.created};
  auto first = table_.reset(x.next, there->entries, offset_);
  ++x.next;
  log::info("in the cluster", {{"node", options_.self.id.str()},
                               {"incarnation", x.incarnation.value()},
                               {"revision", first.revision},
                               {"members", first.members.size()}});
  extend(sent);
  x.since = clock::now();
  announce(x, first);
  co_return !x.over;
}

/// Whether this node may not be in beside those who came in before; says so once.
bool stay_keeper::disagrees(const std::vector<entry>& all, uint64_t created) {
  auto why = disagreement_of(options_.terms, options_.self.id.str(), all,
                             nodes_prefix(), created);
  auto result = why.has_value();
  if (result)
    accord_with({std::move(why), {}});
  return result;
}

/// Says what is new of it.
void stay_keeper::accord_with(accord now) {
  if (now == accord_)
    return;
  auto say = [](log::level how, const disagreement& x) {
    std::visit(
      [&](const auto& here, const auto& there) {
        log::record(how, "settings differ between nodes",
                    {{"setting", x.setting},
                     {"here", here},
                     {"node", x.node},
                     {"there", there}});
      },
      x.here, x.there);
  };
  if (now.kept_out_by && now.kept_out_by != accord_.kept_out_by)
    say(log::level::error, *now.kept_out_by);
  for (const auto& x : now.differences)
    if (std::ranges::find(accord_.differences, x) == accord_.differences.end())
      say(log::level::warn, x);
  accord_ = std::move(now);
  if (options_.accorded)
    options_.accorded(accord_);
}

asio::awaitable<bool> stay_keeper::take_key(stay& x) {
  auto complained = false;
  uint64_t living = 0;
  while (!x.over) {
    auto self = options_.self;
    self.state = x.state = wanted_;
    auto answered = co_await ask(
      x.requests, make_key(key(), encode_member(self, options_.terms), x.lease),
      &read_outcome);
    auto* made = std::get_if<outcome>(&answered);
    if (!made) {
      if (std::get<failure>(answered).lease_is_gone)
        co_return false;
      co_await pause(pause_after_failure());
      continue;
    }
    if (made->succeeded) {
      x.created = x.next = made->revision;
      co_return true;
    }
    if (made->found.empty())
      continue;
    auto& other = made->found.front();
    if (other.lease == x.lease) {
      // It was made after all, by a request whose answer was lost.
      x.created = other.created;
      x.next = other.changed;
      co_return true;
    }
    auto holder = decode_member(self.id.str(), other);
    auto alike = holder && holder->address == self.address;
    if (holder)
      holder->incarnation = incarnation{offset_ + other.created};
    if (alike && other.created != living) {
      // It may be this node's process of before, or another node after all.
      auto judged = co_await judge_holder(x, *holder);
      if (judged == verdict::lives)
        living = other.created;
      else if (judged == verdict::unknown)
        co_await pause(pause_after_failure());
      continue;
    }
    if (!std::exchange(complained, true))
      log::error("another node has this name",
                 {{"node", self.id.str()},
                  {"address", holder ? holder->address : "unknown"},
                  {"why", alike ? "it lives, at the same address: two nodes "
                                  "have one configuration"
                                : "its address is another one"}});
    // The lease lives as long as this waits.
    co_await ask(x.requests, keep_alive(x.lease), &read_keep_alive);
    co_await pause(name_pause);
  }
  co_return false;
}

/// Whether who has this node's name and address is a process that is gone. One
/// of a version that answers no challenge is taken for alive while its lease lasts.
asio::awaitable<stay_keeper::verdict> stay_keeper::judge_holder(stay& x,
                                                                member holder) {
  if (holder.version < cluster::answers_challenges)
    co_return verdict::lives;
  auto asked = co_await make_challenge(x.requests, x.lease, holder.id,
                                       holder.incarnation);
  if (!asked || x.over)
    co_return verdict::unknown;
  co_await sleep(rest_,
                 std::max<clock::duration>(holder_patience, 8 * asked->effort));
  co_return co_await settle(x.requests, *std::move(asked));
}

} // namespace parlor::etcd
