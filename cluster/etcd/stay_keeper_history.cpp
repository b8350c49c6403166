// SPDX-License-Identifier: MIT
#include "cluster/etcd/stay_keeper.hpp"

#include "cluster/etcd/history.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace parlor::etcd {

namespace asio = boost::asio;

using std::chrono::milliseconds;

namespace {

/// For an endpoint to say of which cluster it is, before a node comes in.
constexpr milliseconds poll_patience{200};

/// Before it is looked again whether a node may come in.
constexpr milliseconds store_pause{1000};

} // namespace

/// Asks all endpoints of which cluster they are: nodes that follow two are two
/// clusters, and each would be right.
asio::awaitable<bool> stay_keeper::choose_store(stay& x) {
  if (options_.endpoints.size() == 1)
    co_return true;
  std::vector<std::string> clusters;
  for (const auto& one : options_.endpoints) {
    auto came = co_await x.judgements.post(
      one, read_all(history_key(), history_key(), 0), poll_patience);
    if (x.over)
      co_return false;
    clusters.push_back(came.problem.empty() ? read_store(came.body).cluster
                                            : "");
  }
  auto chosen = chosen_cluster(clusters);
  auto differ = !chosen;
  for (size_t i = 0; i < clusters.size(); ++i) {
    auto foreign = !clusters[i].empty() && clusters[i] != chosen;
    differ = differ || foreign;
    if (foreign && !stores_differ_)
      log::error("etcd endpoints are of different clusters",
                 {{"endpoint", to_string(options_.endpoints[i])},
                  {"cluster", clusters[i]},
                  {"chosen", chosen.value_or("none")}});
  }
  stores_differ_ = differ;
  if (!chosen) {
    co_await pause(store_pause);
    co_return false;
  }
  if (auto at = std::ranges::find(clusters, *chosen); at != clusters.end())
    if (clusters[current_] != *chosen)
      current_ = static_cast<size_t>(at - clusters.begin());
  x.cluster = *std::move(chosen);
  co_return true;
}

/// Another cluster's answers are worth nothing here. Who hears nothing else, and
/// whose lease is over, begins anew there.
std::string_view stay_keeper::objection(const store& from) {
  if (!now_ || from.cluster.empty())
    return {};
  answered_ = from.revision;
  if (now_->cluster.empty())
    now_->cluster = from.cluster;
  if (now_->cluster == from.cluster)
    return {};
  if (lease() != clock::time_point::min() && clock::now() >= lease())
    end(*now_, "etcd is another cluster");
  return "it is of another cluster of etcd's";
}

/// Whether this node may come in as it is. Views go on from what this process has known, though etcd begins anew: all nodes
/// add the same offset to what etcd counts. Who sees that it is too low raises it.
asio::awaitable<bool> stay_keeper::go_on_in_history(stay& x) {
  while (!x.over) {
    auto answered = co_await ask(
      x.requests, read_all(history_key(), nodes_prefix(), 0), &read_range);
    auto* there = std::get_if<range>(&answered);
    if (!there || x.over)
      co_return false;
    if (disagrees(there->entries, UINT64_MAX)) {
      co_await pause(store_pause);
      co_return false;
    }
    if (known_ > 0 && x.cluster != std::exchange(last_cluster_, x.cluster))
      known_ = offset_above(known_, 0);
    last_cluster_ = x.cluster;
    auto found = read_history(there->entries, history_key());
    offset_ = found.offset;
    if (offset_ + there->revision >= known_)
      co_return true;
    log::error("etcd has lost its history",
               {{"revision", offset_ + there->revision}, {"known", known_}});
    auto raised = offset_above(known_, there->revision);
    co_await ask(
      x.requests,
      replace_key(history_key(), found.changed, std::to_string(raised)),
      &read_outcome);
  }
  co_return false;
}

/// An etcd that was restored is behind what it has said, and tells no changes until
/// it is beyond that. Its members may be behind each other for a moment, but what
/// they answer together is not.
asio::awaitable<void> stay_keeper::check_history(stay& x) {
  if (x.over || answered_ + 1 >= x.next)
    co_return;
  auto answered = co_await ask(
    x.requests, read_all(history_key(), history_key(), 0), &read_range);
  auto* there = std::get_if<range>(&answered);
  if (!there || x.over || there->revision + 1 >= x.next)
    co_return;
  log::error("etcd has lost its history",
             {{"revision", offset_ + there->revision}, {"known", known_}});
  known_ = offset_above(known_, 0);
  end(x, "etcd has lost its history");
}

} // namespace parlor::etcd
