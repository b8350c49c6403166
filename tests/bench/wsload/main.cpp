// SPDX-License-Identifier: MIT
// wsload: one thread that plays thousands of WebSocket clients against a
// server on this machine and counts what arrives. See docs/benchmarks.md.
#include "tests/bench/wsload/generator.hpp"
#include "tests/bench/wsload/options.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <cstdio>

namespace parlor::bench::wsload {

namespace {

void raise_file_limit() {
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void pin_to(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<size_t>(core), &set);
  sched_setaffinity(0, sizeof set, &set);
}

int run(const options& opts) {
  raise_file_limit();
  loop::stop_on_signals();
  if (opts.cpu >= 0)
    pin_to(opts.cpu);
  generator g{opts};
  if (opts.mode == "fanout" || opts.mode == "pingpong")
    return run_traffic(g);
  if (opts.mode == "connect" || opts.mode == "idle")
    return run_connect(g);
  if (opts.mode == "churn")
    return run_churn(g);
  throw usage_error("unknown mode " + opts.mode);
}

} // namespace

} // namespace parlor::bench::wsload

int main(int argc, char** argv) {
  using namespace parlor::bench::wsload;
  try {
    return run(parse_options(argc, argv));
  } catch (const usage_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
