// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/generator.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace parlor::bench::wsload {

namespace {

/// What connections may take memory from, KiB but for the statistics.
struct memory {
  explicit memory(const generator& g)
    : resident(static_cast<double>(g.server_resident_kib())),
      available(static_cast<double>(memory_kib("MemAvailable"))),
      slab(static_cast<double>(memory_kib("Slab"))),
      sockets(tcp_statistics()) {
    // nop
  }

  double socket_kib() const {
    constexpr double page_kib = 4;
    return static_cast<double>(socket_pages(sockets)) * page_kib;
  }

  double resident;
  double available;
  double slab;
  std::string sockets;
};

/// One room with all, or rooms of --members.
void seat(generator& g) {
  const auto& opts = g.st.opts;
  g.make_clients(opts.connections);
  for (auto& c : g.st.clients)
    c.room = opts.rooms > 1 ? c.id % opts.rooms
                            : c.id / std::max(1u, opts.members);
}

void add_opening(json_line& out, const generator& g, const interval& opening,
                 double open_seconds) {
  const auto ready = static_cast<double>(g.st.now.ready);
  out.count("conns", g.st.opts.connections);
  out.count("concurrency", g.st.opts.concurrency);
  out.number("ready", ready);
  out.number("open_s", open_seconds);
  out.number("handshakes_per_s", interval::ratio(ready, open_seconds));
  out.durations("handshake", g.st.handshake);
  if (!g.st.opts.ready_marker.empty())
    out.durations("ready_after", g.st.ready_after);
  out.number("server_cpu_s", opening.server.exact);
  out.number("server_us_per_connection",
             interval::ratio(opening.server.exact * 1e6, ready));
  out.number("server_cpu_pct",
             interval::ratio(100 * opening.server.exact, open_seconds));
  out.number("wsload_cpu_pct",
             interval::ratio(100 * opening.own, open_seconds));
}

void add_memory(json_line& out, const generator& g, const memory& before,
                const memory& after) {
  const auto per_connection = [&](double kib) {
    return interval::ratio(1024, static_cast<double>(g.st.now.ready)) * kib;
  };
  out.number("server_rss_kb_before", before.resident);
  out.number("server_rss_kb_after", after.resident);
  out.number("rss_bytes_per_conn",
             per_connection(after.resident - before.resident));
  out.text("sockstat_before", before.sockets);
  out.text("sockstat_after", after.sockets);
  out.number("sock_mem_bytes_per_conn",
             per_connection(after.socket_kib() - before.socket_kib()));
  out.number("slab_bytes_per_conn", per_connection(after.slab - before.slab));
  out.number("memavailable_bytes_per_conn",
             per_connection(before.available - after.available));
}

void summarize(const generator& g, const interval& opening,
               const memory& before, const memory& after) {
  const auto ready = static_cast<double>(g.st.now.ready);
  std::fprintf(
    stderr,
    "  handshake p50 %.0f p99 %.0f us | server %.1f us CPU per connection,"
    " RSS %.0f bytes per connection (%.0f -> %.0f kB)\n  %s -> %s\n",
    g.st.handshake.quantile(.5) / 1e3, g.st.handshake.quantile(.99) / 1e3,
    interval::ratio(opening.server.exact * 1e6, ready),
    interval::ratio((after.resident - before.resident) * 1024, ready),
    before.resident, after.resident, before.sockets.c_str(),
    after.sockets.c_str());
}

} // namespace

int run_connect(generator& g) {
  const auto& opts = g.st.opts;
  seat(g);
  const memory before{g};
  const auto begin = g.look();
  const auto open_seconds = g.events.open_all(opts.connections);
  const auto opened = g.look();
  const bool all_ready = g.st.now.ready == opts.connections;
  const auto ready = static_cast<double>(g.st.now.ready);
  std::fprintf(stderr, "%s: %.0f of %u ready in %.3f s = %.0f handshakes/s\n",
               opts.label.c_str(), ready, opts.connections, open_seconds,
               interval::ratio(ready, open_seconds));
  const bool idle = opts.mode == "idle";
  if (idle)
    g.events.run_for(opts.hold);
  const interval holding{opened, g.look(), opts.spin};
  const memory after{g};
  const interval opening{begin, opened, opts.spin};
  json_line report;
  g.begin_report(report);
  add_opening(report, g, opening, open_seconds);
  add_memory(report, g, before, after);
  if (idle) {
    report.number("hold_s", holding.seconds);
    report.number("server_cpu_s_in_hold", holding.server.exact);
  }
  summarize(g, opening, before, after);
  g.events.close_all();
  constexpr double until_server_noticed = 0.5;
  g.events.run_for(until_server_noticed);
  report.number("server_fds_after_close",
                static_cast<double>(open_files(opts.server_pids)));
  g.end_report(std::move(report));
  return all_ready ? 0 : 1;
}

} // namespace parlor::bench::wsload
