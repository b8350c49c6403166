// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/snapshot.hpp"

#include "tests/bench/wsload/time.hpp"

#include <sched.h>

namespace parlor::bench::wsload {

namespace {

counters difference(const counters& begin, const counters& end) {
  auto result = end;
  result.frames -= begin.frames;
  result.bytes -= begin.bytes;
  result.reads -= begin.reads;
  result.deliveries -= begin.deliveries;
  result.published -= begin.published;
  result.publish_sends -= begin.publish_sends;
  return result;
}

double share(const core_time& begin, const core_time& end,
             double core_time::*part) {
  return interval::ratio(100 * (end.*part - begin.*part),
                         end.total - begin.total);
}

} // namespace

snapshot take_snapshot(const state& st, uint64_t empty_time) {
  const auto core = st.opts.cpu >= 0 ? st.opts.cpu : sched_getcpu();
  return {now(),
          st.count,
          time_of(st.opts.server_pids),
          time_of_core(st.opts.server_core),
          time_of_core(core),
          own_time(),
          empty_time};
}

interval::interval(const snapshot& begin, const snapshot& end, bool spin)
  : seconds(wsload::seconds(end.time - begin.time)),
    count(difference(begin.count, end.count)),
    server{end.server.user - begin.server.user,
           end.server.system - begin.server.system,
           end.server.exact - begin.server.exact},
    server_core_busy(
      share(begin.server_core, end.server_core, &core_time::busy)),
    server_core_steal(
      share(begin.server_core, end.server_core, &core_time::steal)),
    own_core_busy(share(begin.own_core, end.own_core, &core_time::busy)),
    own(end.own - begin.own),
    empty(spin ? wsload::seconds(end.empty - begin.empty) : 0) {
  // nop
}

} // namespace parlor::bench::wsload
