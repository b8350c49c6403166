// SPDX-License-Identifier: MIT
#include "tests/scaling/counted_cluster.hpp"

#include "cluster/limits.hpp"
#include "messages/placement.hpp"

#include <algorithm>
#include <utility>

#include <time.h>

namespace parlor::scaling {

namespace {

constexpr auto beat = std::chrono::milliseconds{100};

/// Until rooms are at rest, whatever has happened.
constexpr int beats_to_rest = 12;

} // namespace

std::chrono::nanoseconds cpu_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec}
         + std::chrono::nanoseconds{now.tv_nsec};
}

counted_cluster::counted_cluster(size_t nodes_wanted)
  : cluster_fixture{nodes_wanted} {
  for (auto& x : nodes) {
    x.env.limits.rooms = x.env.limits.rooms_per_connection = SIZE_MAX;
    connect_soon(x, ("user-" + x.id.str()).c_str());
  }
  flow(beats_to_rest);
}

std::chrono::nanoseconds counted_cluster::used() const {
  return cpu_time() - counting_;
}

std::vector<size_t> counted_cluster::crowd_of(const std::string& room,
                                              size_t spread) const {
  std::vector<std::pair<uint64_t, size_t>> order;
  for (size_t i = 0; i < nodes.size(); ++i)
    order.emplace_back(weight(nodes[i].id.str(), "crowd of " + room), i);
  std::ranges::sort(order, std::greater{});
  std::vector<size_t> result;
  for (auto& [drawn, which] : order)
    if (result.size() < spread)
      result.push_back(which);
  return result;
}

void counted_cluster::open_rooms(const std::vector<std::string>& rooms,
                                 size_t spread) {
  for (auto& room : rooms)
    for (auto which : crowd_of(room, spread))
      say_soon(client_at(which),
               R"({"type":"join","id":"join","room":")" + room + R"("})");
  flow(beats_to_rest);
}

void counted_cluster::pass_on() {
  for (auto& [road, waiting] : std::exchange(roads, {})) {
    auto before = cpu_time();
    std::vector<envelope> all{waiting.begin(), waiting.end()};
    for (auto& one : all)
      sent_.add(one);
    sent_.frames += (all.size() + cluster::frame_envelopes - 1)
                    / cluster::frame_envelopes;
    auto* to = find(road.second);
    auto by = std::make_shared<stub_link>();
    by->at = road.first;
    counting_ += cpu_time() - before;
    if (to == nullptr)
      continue;
    caf::anon_send(to->core.cluster,
                   peer_frame{by, road.first, 1, std::move(all)});
    run();
  }
}

void counted_cluster::flow(int beats) {
  for (int i = 0; i <= beats; ++i) {
    run();
    while (!roads.empty())
      pass_on();
    if (i < beats)
      scheduler().advance_time(beat);
  }
}

void counted_cluster::crash(size_t which) {
  kill(nodes[which]);
  look_again();
}

void counted_cluster::come_back(size_t which) {
  start(nodes[which]);
  look_again();
}

void counted_cluster::drain(size_t which, bool on) {
  nodes[which].is_draining = on;
  look_again();
}

void counted_cluster::look_again() {
  publish_view();
  flow(beats_to_rest);
}

} // namespace parlor::scaling
