// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/generator.hpp"
#include "tests/bench/wsload/rounds.hpp"
#include "tests/bench/wsload/traffic_report.hpp"

#include <cstdio>

namespace parlor::bench::wsload {

namespace {

/// Client i is in room i mod R; a room's publishers are spread over it.
void seat_rooms(generator& g) {
  auto& st = g.st;
  const auto& opts = st.opts;
  g.make_clients(opts.rooms * opts.members);
  st.rooms.resize(opts.rooms);
  for (auto& c : st.clients)
    c.room = c.id % opts.rooms;
  for (uint32_t room = 0; room < opts.rooms; ++room)
    for (uint32_t i = 0; i < opts.publishers; ++i) {
      const auto member = uint64_t{i} * opts.members / opts.publishers;
      auto& c = st.clients[member * opts.rooms + room];
      c.publisher = static_cast<uint32_t>(st.publishers.size());
      st.publishers.push_back(c.id);
    }
  if (!opts.no_check)
    st.sequences.resize(st.clients.size() * opts.publishers);
}

/// Clients 2i and 2i + 1 are a pair; everyone publishes.
void seat_pairs(generator& g) {
  auto& st = g.st;
  st.opts.rooms = st.opts.pairs;
  st.opts.members = 2;
  st.opts.publishers = 2;
  g.make_clients(st.opts.pairs * 2);
  for (auto& c : st.clients) {
    c.room = c.id / 2;
    c.peer = c.id ^ 1;
    c.publisher = c.id;
    st.publishers.push_back(c.id);
  }
  if (!st.opts.no_check)
    st.sequences.resize(st.clients.size());
}

/// What was published last and has not arrived, by the sequences.
uint64_t lost_at_the_end(state& st) {
  uint64_t lost = 0;
  const auto add = [&](const sequence& seen, uint32_t published) {
    if (seen.next < published)
      lost += published - seen.next;
  };
  const auto per_room = st.opts.publishers;
  if (st.sequences.empty())
    return 0;
  for (const auto& c : st.clients) {
    if (st.pingpong) {
      add(st.sequences[c.id], st.clients[c.peer].seq);
      continue;
    }
    for (uint32_t i = 0; i < per_room; ++i)
      add(st.sequences[size_t{c.id} * per_room + i],
          st.publisher(c.room * per_room + i).seq);
  }
  return lost;
}

void measure(generator& g, traffic_result& result) {
  auto& st = g.st;
  const bool by_rounds = st.opts.rounds > 0;
  result.resident_before = g.server_resident_kib();
  if (!by_rounds) {
    g.out.start();
    g.events.run_for(st.opts.warmup);
  }
  st.recording = true;
  result.begin = g.look();
  if (by_rounds)
    run_rounds(g);
  else
    g.events.run_for(st.opts.duration);
  result.end = g.look();
  st.recording = false;
  st.publishing = false;
  result.resident_after = g.server_resident_kib();
}

} // namespace

int run_traffic(generator& g) {
  auto& st = g.st;
  if (st.pingpong)
    seat_pairs(g);
  else
    seat_rooms(g);
  traffic_result result;
  result.open_seconds = g.events.open_all(
    static_cast<uint32_t>(st.clients.size()));
  const auto ready = st.now.ready;
  std::fprintf(stderr, "%s: %llu of %zu connections ready in %.2f s\n",
               st.opts.label.c_str(), static_cast<unsigned long long>(ready),
               st.clients.size(), result.open_seconds);
  const bool all_ready = ready == st.clients.size();
  if (!all_ready)
    st.note("not all connections became ready");
  g.events.run_for(st.opts.settle);
  measure(g, result);
  result.expected = expected_deliveries(st);
  result.drain_seconds = drain(g, result.expected);
  constexpr double late_duplicates = 0.2;
  g.events.run_for(late_duplicates);
  result.lost_tail = lost_at_the_end(st);
  report_traffic(g, result);
  g.events.close_all();
  const bool clean = all_ready && result.lost_tail == 0 && st.faults.gaps == 0
                     && st.faults.duplicates == 0 && st.faults.out_of_order == 0
                     && st.count.died == 0 && st.count.bad_frames == 0;
  return clean ? 0 : 1;
}

} // namespace parlor::bench::wsload
