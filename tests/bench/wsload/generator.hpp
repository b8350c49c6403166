// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/json_line.hpp"
#include "tests/bench/wsload/links.hpp"
#include "tests/bench/wsload/loop.hpp"
#include "tests/bench/wsload/publisher.hpp"
#include "tests/bench/wsload/receiver.hpp"
#include "tests/bench/wsload/snapshot.hpp"
#include "tests/bench/wsload/state.hpp"

#include <cstdint>

namespace parlor::bench::wsload {

/// All parts of the generator, and what every mode reports.
struct generator {
  explicit generator(const options& opts);
  generator(const generator&) = delete;
  generator& operator=(const generator&) = delete;

  /// Makes the clients; who is in which room is the mode's business.
  void make_clients(uint32_t count);

  snapshot look() const { return take_snapshot(st, events.empty_time()); }

  uint64_t server_resident_kib() const {
    return resident_kib(st.opts.server_pids);
  }

  /// The keys that every report begins with.
  void begin_report(json_line& out) const;

  /// Adds the keys that every report ends with and prints it.
  void end_report(json_line out) const;

  state st;
  links wire;
  publisher out;
  receiver in;
  loop events;
};

/// The modes: run, print the report and return the exit status. fanout and
/// pingpong fail where anything was lost, doubled or reordered or a
/// connection died; connect and idle where a connection was not ready.
int run_traffic(generator& g);
int run_connect(generator& g);
int run_churn(generator& g);

} // namespace parlor::bench::wsload
