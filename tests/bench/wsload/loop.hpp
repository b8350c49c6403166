// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/links.hpp"
#include "tests/bench/wsload/publisher.hpp"
#include "tests/bench/wsload/receiver.hpp"
#include "tests/bench/wsload/state.hpp"

#include <sys/epoll.h>

#include <cstdint>
#include <vector>

namespace parlor::bench::wsload {

/// Waits for the sockets and lets the other parts act.
class loop {
public:
  loop(state& st, links& wire, publisher& out, receiver& in);

  /// Waits until `until` (ns) at most, then handles what is there.
  void turn(uint64_t until);

  void run_for(double seconds);

  /// Opens the first `count` clients, --concurrency at a time, and waits until
  /// all are ready. The seconds that it took; whether all are, `state` says.
  double open_all(uint32_t count);

  /// Drops all clients as --close says.
  void close_all();

  /// SIGINT or SIGTERM came: all waiting ends.
  static bool stopped();
  static void stop_on_signals();

  /// Time spent polling for nothing (--spin), ns.
  uint64_t empty_time() const { return empty_time_; }

private:
  int wait(uint64_t until);
  void handle(const epoll_event& event);

  state& st_;
  links& wire_;
  publisher& out_;
  receiver& in_;
  std::vector<epoll_event> events_;
  uint64_t empty_time_ = 0;
};

} // namespace parlor::bench::wsload
