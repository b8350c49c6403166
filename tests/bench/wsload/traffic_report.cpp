// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/traffic_report.hpp"

#include <cstdio>
#include <utility>

namespace parlor::bench::wsload {

namespace {

using fraction = double (*)(double, double);

constexpr fraction ratio = interval::ratio;

double as_double(uint64_t value) {
  return static_cast<double>(value);
}

double busy_percent(const interval& x, bool spin) {
  return x.percent(spin ? x.seconds - x.empty : x.own);
}

void describe(json_line& out, const generator& g,
              const traffic_result& result) {
  const auto& opts = g.st.opts;
  out.count("conns", g.st.clients.size());
  out.count("rooms", opts.rooms);
  out.count("members", opts.members);
  out.count("publishers_per_room", opts.publishers);
  out.count("window", opts.rate > 0 ? 0 : opts.window);
  out.text("window_by", opts.window_by);
  out.number("rate", opts.rate);
  out.count("spin", opts.spin);
  out.number("open_s", result.open_seconds);
  out.count("ready", g.st.now.ready);
}

void add_flow(json_line& out, const generator& g, const interval& x) {
  const auto deliveries = as_double(x.count.deliveries);
  const auto frames = as_double(x.count.frames);
  const auto bytes = as_double(x.count.bytes);
  const auto published = as_double(x.count.published);
  out.number("seconds", x.seconds);
  out.number("publishes_per_s", ratio(published, x.seconds));
  out.number("publishes_per_send",
             ratio(published, as_double(x.count.publish_sends)));
  out.number("deliveries_per_s", ratio(deliveries, x.seconds));
  out.number("MB_per_s", ratio(bytes, x.seconds) / 1e6);
  out.number("frames_per_recv", ratio(frames, as_double(x.count.reads)));
  out.number("bytes_per_frame", ratio(bytes, frames));
  out.durations("lat", g.st.latency);
  if (g.st.opts.rate > 0) {
    out.number("sendlag_us_p50", g.st.send_lag.quantile(.5) / 1e3);
    out.number("sendlag_us_p99", g.st.send_lag.quantile(.99) / 1e3);
  }
}

void add_exactness(json_line& out, const generator& g,
                   const traffic_result& result) {
  const auto& faults = g.st.faults;
  out.count("published_total", g.st.count.published);
  out.count("expected_total", result.expected);
  out.count("delivered_total", g.st.count.deliveries);
  out.count("lost", faults.gaps + result.lost_tail);
  out.count("lost_gap", faults.gaps);
  out.count("lost_tail", result.lost_tail);
  out.count("dup", faults.duplicates);
  out.count("out_of_order", faults.out_of_order);
  out.number("drain_s", result.drain_seconds);
}

void add_costs(json_line& out, const generator& g, const interval& x) {
  const auto deliveries = as_double(x.count.deliveries);
  out.number("server_cpu_s", x.server.exact);
  out.number("server_cpu_user_s", x.server.user);
  out.number("server_cpu_sys_s", x.server.system);
  out.number("server_cpu_pct", x.percent(x.server.exact));
  out.number("server_us_per_delivery", ratio(x.server.exact * 1e6, deliveries));
  out.number("deliveries_per_server_cpu_s", ratio(deliveries, x.server.exact));
  out.number("core_busy_pct", x.server_core_busy);
  out.number("core_steal_pct", x.server_core_steal);
  out.number("wsload_cpu_pct", x.percent(x.own));
  out.number("wsload_busy_pct", busy_percent(x, g.st.opts.spin));
  out.number("wsload_us_per_delivery",
             ratio((x.own - x.empty) * 1e6, deliveries));
  out.number("wsload_core_busy_pct", x.own_core_busy);
}

void summarize(const generator& g, const traffic_result& result,
               const interval& x) {
  const auto& st = g.st;
  const auto deliveries = as_double(x.count.deliveries);
  const auto us = [&](double p) { return st.latency.quantile(p) / 1e3; };
  std::fprintf(
    stderr,
    "  %.0f deliveries/s  %.0f publishes/s"
    "  lat p50 %.0f p99 %.0f p99.9 %.0f max %.0f us"
    " | server %.2f CPU s (%.0f%%), %.3f us/delivery"
    " | wsload busy %.0f%%"
    " | lost %.0f dup %.0f ooo %.0f died %.0f\n",
    ratio(deliveries, x.seconds),
    ratio(as_double(x.count.published), x.seconds), us(.5), us(.99), us(.999),
    as_double(st.latency.max()) / 1e3, x.server.exact,
    x.percent(x.server.exact), ratio(x.server.exact * 1e6, deliveries),
    busy_percent(x, st.opts.spin), as_double(st.faults.gaps + result.lost_tail),
    as_double(st.faults.duplicates), as_double(st.faults.out_of_order),
    as_double(st.count.died));
}

} // namespace

void report_traffic(const generator& g, const traffic_result& result) {
  const interval measured{result.begin, result.end, g.st.opts.spin};
  json_line out;
  g.begin_report(out);
  describe(out, g, result);
  add_flow(out, g, measured);
  add_exactness(out, g, result);
  add_costs(out, g, measured);
  out.count("server_rss_kb_before", result.resident_before);
  out.count("server_rss_kb_after", result.resident_after);
  summarize(g, result, measured);
  g.end_report(std::move(out));
}

} // namespace parlor::bench::wsload
