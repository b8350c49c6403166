// SPDX-License-Identifier: MIT
#include "cluster/etcd/stay_keeper.hpp"

#include "telemetry/log.hpp"

#include <utility>

namespace parlor::etcd {

namespace asio = boost::asio;

namespace {

/// Before it is looked again whether another node still has this one's name.
constexpr std::chrono::milliseconds name_pause{1000};

} // namespace

/// Gets a lease, makes the key with it, and learns who is in at the very
/// revision that this made.
asio::awaitable<bool> stay_keeper::come_in(stay& x) {
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
    x.requests, read_all(options_.prefix + "/nodes/", x.next), &read_range);
  auto* there = std::get_if<range>(&all);
  if (!there || x.over)
    co_return false;
  auto first = table_.reset(x.next, there->entries);
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

asio::awaitable<bool> stay_keeper::take_key(stay& x) {
  auto complained = false;
  while (!x.over) {
    auto self = options_.self;
    self.state = x.state = wanted_;
    auto answered = co_await ask(
      x.requests, make_key(key(), encode_member(self), x.lease), &read_outcome);
    auto* made = std::get_if<outcome>(&answered);
    if (!made) {
      if (std::get<failure>(answered).lease_is_gone)
        co_return false;
      co_await pause(pause_after_failure());
      continue;
    }
    if (made->succeeded) {
      x.incarnation = incarnation{made->revision};
      x.next = made->revision;
      co_return true;
    }
    if (made->found.empty())
      continue;
    auto& other = made->found.front();
    if (other.lease == x.lease) {
      // It was made after all, by a request whose answer was lost.
      x.incarnation = incarnation{other.created};
      x.next = other.changed;
      co_return true;
    }
    auto named = decode_member(self.id.str(), other);
    if (named && named->address == self.address) {
      co_await ask(x.requests, delete_key(key(), other.created), &read_outcome);
      continue;
    }
    if (!std::exchange(complained, true))
      log::error("another node has this name",
                 {{"node", self.id.str()},
                  {"address", named ? named->address : "unknown"}});
    // The lease lives as long as this waits.
    co_await ask(x.requests, keep_alive(x.lease), &read_keep_alive);
    co_await pause(name_pause);
  }
  co_return false;
}

} // namespace parlor::etcd
