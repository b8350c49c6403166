// SPDX-License-Identifier: MIT
// limit: what the kernel alone makes a room server cost on this machine. One
// thread, epoll, frames encoded once; no product. See docs/benchmarks.md.
#include "tests/bench/limit/server.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>

namespace parlor::bench::limit {

namespace {

std::optional<hub::mode> mode_named(std::string_view name) {
  if (name == "direct")
    return hub::mode::direct;
  if (name == "coalesce")
    return hub::mode::coalesce;
  return std::nullopt;
}

void raise_file_limit() {
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

} // namespace parlor::bench::limit

int main(int argc, char** argv) {
  using namespace parlor::bench::limit;
  const auto mode = argc == 3 ? mode_named(argv[2]) : std::nullopt;
  if (!mode) {
    std::fputs("limit PORT direct|coalesce\n", stderr);
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  try {
    server{static_cast<uint16_t>(std::atoi(argv[1])), *mode}.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit: %s\n", error.what());
    return 1;
  }
}
