// SPDX-License-Identifier: MIT
#include "cluster/etcd/stay_keeper.hpp"

#include "cluster/version.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace parlor::etcd {

namespace asio = boost::asio;

using std::chrono::milliseconds;

namespace {

/// For the answer to a challenge, from when this node's own watch has told of that:
/// so long at least, and so many times what it took until then. An answer takes
/// the same way, and the machines may be busy.
constexpr milliseconds least_objection{50};
constexpr int objection_factor = 6;

} // namespace

std::string stay_keeper::challenges_prefix() const {
  return options_.prefix + "/challenges/";
}

std::string stay_keeper::challenges_of(const node_id& who,
                                       parlor::incarnation was) const {
  return challenges_prefix() + who.str() + '/' + std::to_string(was.value())
         + '/';
}

/// None where etcd did not answer.
asio::awaitable<std::optional<stay_keeper::challenge>>
stay_keeper::make_challenge(http_client& through, lease_id lease, node_id who,
                            parlor::incarnation was) {
  // A lease is of one stay of one node.
  auto key = challenges_of(who, was)
             + std::to_string(static_cast<int64_t>(lease));
  auto sent = clock::now();
  auto answered = co_await ask(
    through, make_key(key, options_.self.id.str(), lease), &read_outcome);
  auto* made = std::get_if<outcome>(&answered);
  if (!made)
    co_return std::nullopt;
  challenge result{std::move(who), was,  std::move(key),
                   made->revision, sent, clock::now() - sent};
  // It was made after all, by a request whose answer was lost.
  if (!made->succeeded && !made->found.empty())
    result.created = made->found.front().created;
  co_return result;
}

/// Takes the member out, if it has not answered by now.
asio::awaitable<stay_keeper::verdict> stay_keeper::settle(http_client& through,
                                                          challenge asked) {
  auto key = key_of(asked.who);
  auto answered = co_await ask(
    through,
    settle_challenge(asked.key, asked.created, key, created(asked.was)),
    &read_outcome);
  auto* done = std::get_if<outcome>(&answered);
  if (!done)
    co_return verdict::unknown;
  if (done->succeeded)
    co_return verdict::dead;
  co_return !done->found.empty()
      && done->found.front().created == created(asked.was)
    ? verdict::lives
    : verdict::gone;
}

/// Asks those who seem to be dead, by way of etcd, which all reach who renew their
/// leases; and takes out who does not answer.
asio::awaitable<void> stay_keeper::judge(stay& x) {
  while (!x.over) {
    if (!suspects_.empty())
      co_await judge_all(x, std::exchange(suspects_, {}));
    else
      co_await sleep(x.doubt, clock::duration::max());
  }
}

asio::awaitable<void> stay_keeper::judge_all(stay& x, suspects who) {
  std::vector<challenge> asked;
  auto failed = false;
  auto again = [&](const node_id& id, parlor::incarnation was) {
    failed = true;
    // Unless another incarnation of it is meant by now.
    suspects_.emplace(id, was);
  };
  for (const auto& [id, was] : who) {
    auto* known = told_.find(id);
    if (x.over || !known || known->incarnation != was
        || known->version < cluster::answers_challenges)
      continue;
    auto made = co_await make_challenge(x.judgements, x.lease, id, was);
    if (!made) {
      again(id, was);
      continue;
    }
    asked.push_back(*std::move(made));
  }
  auto heard = co_await hear_objections(x, asked);
  for (const auto& one : asked) {
    if (x.over)
      co_return;
    auto judged = verdict::unknown;
    if (heard)
      judged = co_await settle(x.judgements, one);
    if (judged == verdict::dead)
      log::warn("took out a dead node", {{"node", one.who.str()}});
    else if (judged == verdict::lives)
      log::warn("node refuses links and lives", {{"node", one.who.str()}});
    if (judged == verdict::unknown)
      again(one.who, one.was);
    else
      x.echoes.erase(one.key);
  }
  if (failed && !x.over)
    co_await sleep(x.objection, pause_after_failure());
}

/// False where this node does not hear of its own challenges: then it might not
/// hear of answers.
asio::awaitable<bool>
stay_keeper::hear_objections(stay& x, const std::vector<challenge>& asked) {
  auto limit = clock::now() + patience();
  clock::duration effort{};
  for (const auto& one : asked) {
    while (!x.over && !x.echoes.contains(one.key) && clock::now() < limit)
      co_await sleep(x.objection, limit - clock::now());
    auto echo = x.echoes.find(one.key);
    if (x.over || echo == x.echoes.end())
      co_return false;
    effort = std::max(effort, echo->second - one.sent);
  }
  if (!asked.empty())
    co_await sleep(x.objection, std::max<clock::duration>(
                                  least_objection, objection_factor * effort));
  co_return !x.over;
}

/// False where one is still to be answered.
asio::awaitable<bool> stay_keeper::answer_challenges(stay& x) {
  while (!x.over && !x.challenges.empty()) {
    auto [key, created] = *x.challenges.begin();
    auto done = co_await ask(x.requests, delete_key(key, created),
                             &read_outcome);
    if (std::holds_alternative<failure>(done))
      co_return false;
    x.challenges.erase(key);
  }
  co_return true;
}

void stay_keeper::note_challenges(stay& x, const std::vector<change>& changes) {
  auto mine = challenges_of(options_.self.id, x.incarnation);
  for (const auto& one : changes) {
    if (!one.deleted && one.what.lease == x.lease
        && one.what.key.starts_with(challenges_prefix())
        && x.echoes.emplace(one.what.key, clock::now()).second)
      x.objection.cancel();
    if (one.deleted || !one.what.key.starts_with(mine))
      continue;
    log::warn("asked whether this node lives", {{"by", one.what.value}});
    x.challenges.insert_or_assign(one.what.key, one.what.created);
    wake();
  }
}

} // namespace parlor::etcd
