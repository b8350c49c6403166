// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/rounds.hpp"

#include "tests/bench/wsload/time.hpp"

#include <csignal>
#include <utility>

namespace parlor::bench::wsload {

namespace {

/// Between two looks at a process; also what a signal takes to arrive.
constexpr double moment = 0.002;

void signal_server(const generator& g, int signal) {
  for (const int pid : g.st.opts.server_pids)
    kill(pid, signal);
}

/// The server has nothing left to do.
void wait_until_idle(generator& g) {
  const auto& pids = g.st.opts.server_pids;
  for (auto used = -1.0; !loop::stopped();) {
    const auto before = std::exchange(used, time_of(pids).exact);
    if (before == used)
      return;
    g.events.run_for(moment);
  }
}

} // namespace

uint64_t expected_deliveries(state& st) {
  uint64_t published = 0;
  for (const auto i : st.publishers)
    published += st.clients[i].seq;
  return published * (st.pingpong ? 1 : st.opts.members);
}

double drain(generator& g, uint64_t expected) {
  constexpr uint64_t turn = 50'000'000;
  const auto begin = now();
  auto last = begin;
  auto arrived = g.st.count.deliveries;
  while (!loop::stopped() && g.st.count.deliveries < expected) {
    const auto time = now();
    if (arrived != g.st.count.deliveries) {
      arrived = g.st.count.deliveries;
      last = time;
    }
    if (time - last > nanoseconds(g.st.opts.drain))
      break;
    g.events.turn(time + turn);
  }
  return seconds(now() - begin);
}

void run_rounds(generator& g) {
  for (uint32_t i = 0; i < g.st.opts.rounds && !loop::stopped(); ++i) {
    wait_until_idle(g);
    signal_server(g, SIGSTOP);
    g.events.run_for(moment);
    g.out.start();
    // What comes back is not answered: that is the next round's.
    g.st.publishing = false;
    signal_server(g, SIGCONT);
    const auto expected = expected_deliveries(g.st);
    drain(g, expected);
    if (g.st.count.deliveries < expected)
      return;
  }
}

} // namespace parlor::bench::wsload
