// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/generator.hpp"
#include "tests/bench/wsload/time.hpp"

#include <cstdio>
#include <utility>

namespace parlor::bench::wsload {

namespace {

/// Connections that came and went.
struct tally {
  uint64_t by_reset = 0;
  uint64_t by_fin = 0;
  /// Ended before they had published.
  uint64_t failed = 0;

  uint64_t cycles() const { return by_reset + by_fin; }
};

struct resources {
  explicit resources(const generator& g)
    : resident(g.server_resident_kib()),
      files(open_files(g.st.opts.server_pids)) {
    // nop
  }

  /// KiB.
  uint64_t resident;
  long files;
};

void seat(generator& g) {
  g.make_clients(g.st.opts.slots);
  for (auto& c : g.st.clients) {
    c.room = c.id % g.st.opts.rooms;
    c.publisher = c.id;
    g.st.publishers.push_back(c.id);
  }
}

void vanish(generator& g, client& c, tally& done) {
  const auto& how = g.st.opts.close_how;
  const bool fin = how == "fin" || (how == "mix" && done.cycles() % 2 == 0);
  ++(fin ? done.by_fin : done.by_reset);
  g.wire.drop(c, fin ? links::close::fin : links::close::reset);
}

/// One step in the life of a slot: open, publish, vanish, open again.
void advance(generator& g, client& c, tally& done) {
  const auto& opts = g.st.opts;
  if (c.state == phase::unused || c.state == phase::dead) {
    if (c.state == phase::dead && !c.published)
      ++done.failed;
    c.seq = 0;
    g.wire.start(c);
    return;
  }
  if (!c.ready)
    return;
  if (!c.published && opts.messages > 0 && !g.st.says.publish.empty())
    g.out.publish(c, opts.messages, now());
  c.published = true;
  if (c.received >= opts.churn_receive)
    vanish(g, c, done);
}

void report_churn(const generator& g, const tally& done, const interval& x,
                  const resources& before, const resources& after) {
  const auto& opts = g.st.opts;
  const auto cycles = static_cast<double>(done.cycles());
  const auto us_per_cycle = interval::ratio(x.server.exact * 1e6, cycles);
  json_line out;
  g.begin_report(out);
  out.count("slots", opts.slots);
  out.count("messages_per_cycle", opts.messages);
  out.number("seconds", x.seconds);
  out.number("cycles", cycles);
  out.number("cycles_per_s", interval::ratio(cycles, x.seconds));
  out.count("closed_by_rst", done.by_reset);
  out.count("closed_by_fin", done.by_fin);
  out.count("failed", done.failed);
  out.count("published", g.st.count.published);
  out.count("delivered", g.st.count.deliveries);
  out.durations("handshake", g.st.handshake);
  out.number("server_cpu_s", x.server.exact);
  out.number("server_us_per_cycle", us_per_cycle);
  out.number("wsload_cpu_pct", x.percent(x.own));
  out.count("server_rss_kb_before", before.resident);
  out.count("server_rss_kb_after", after.resident);
  out.number("server_fds_before", static_cast<double>(before.files));
  out.number("server_fds_after", static_cast<double>(after.files));
  std::fprintf(stderr,
               "%s: churn %.0f cycles/s, failed %llu, fds %ld -> %ld,"
               " RSS %llu -> %llu kB, server %.1f us/cycle\n",
               opts.label.c_str(), interval::ratio(cycles, x.seconds),
               static_cast<unsigned long long>(done.failed), before.files,
               after.files, static_cast<unsigned long long>(before.resident),
               static_cast<unsigned long long>(after.resident), us_per_cycle);
  g.end_report(std::move(out));
}

} // namespace

int run_churn(generator& g) {
  constexpr uint64_t turn = 5'000'000;
  constexpr double until_server_noticed = 1.0;
  seat(g);
  const resources before{g};
  const auto begin = g.look();
  const auto deadline = now() + nanoseconds(g.st.opts.duration);
  tally done;
  while (!loop::stopped() && now() < deadline) {
    for (auto& c : g.st.clients)
      advance(g, c, done);
    g.events.turn(now() + turn);
  }
  const interval all{begin, g.look(), g.st.opts.spin};
  g.events.close_all();
  // On a busy machine it may take a while.
  for (int i = 0; i < 10 && (i == 0 || resources{g}.files > before.files); ++i)
    g.events.run_for(until_server_noticed);
  report_churn(g, done, all, before, resources{g});
  return 0;
}

} // namespace parlor::bench::wsload
