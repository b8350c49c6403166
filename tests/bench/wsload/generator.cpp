// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/generator.hpp"

#include <cstdio>
#include <utility>

namespace parlor::bench::wsload {

namespace {

state make_state(const options& opts) {
  state result;
  result.opts = opts;
  result.dest = make_target(opts);
  result.says = make_script(opts, result.dest.path);
  result.pingpong = opts.mode == "pingpong";
  return result;
}

} // namespace

generator::generator(const options& opts)
  : st(make_state(opts)),
    wire(st),
    out(st, wire),
    in(st, wire, out),
    events(st, wire, out, in) {
  // nop
}

void generator::make_clients(uint32_t count) {
  st.clients.resize(count);
  for (uint32_t i = 0; i < count; ++i)
    st.clients[i].id = i;
}

void generator::begin_report(json_line& report) const {
  report.text("tool", "wsload");
  report.text("label", st.opts.label);
  report.text("mode", st.opts.mode);
  report.number("loadavg1", load_average());
}

void generator::end_report(json_line report) const {
  const auto& n = st.count;
  report.count("frames_total", n.frames);
  report.count("other_frames", n.others);
  report.count("pings", n.pings);
  report.count("close_frames", n.close_frames);
  report.count("died", n.died);
  report.count("connect_failed", n.connect_failed);
  report.count("handshake_failed", n.upgrade_failed);
  report.count("bad_frames", n.bad_frames);
  report.count("rsv_frames", n.reserved_bits);
  report.count("bad_stamps", n.bad_stamps);
  report.count("alien", n.aliens);
  report.count("send_eagain", n.blocked_sends);
  report.text("first_error", st.first_error);
  std::puts(std::move(report).finish().c_str());
}

} // namespace parlor::bench::wsload
