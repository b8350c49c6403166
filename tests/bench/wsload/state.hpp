// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/client.hpp"
#include "tests/bench/wsload/histogram.hpp"
#include "tests/bench/wsload/options.hpp"
#include "tests/bench/wsload/script.hpp"
#include "tests/bench/wsload/sequence.hpp"
#include "tests/bench/wsload/target.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace parlor::bench::wsload {

/// Totals since the start.
struct counters {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t reads = 0;
  /// Stamps received.
  uint64_t deliveries = 0;
  /// Data frames without a stamp.
  uint64_t others = 0;
  uint64_t pings = 0;
  uint64_t close_frames = 0;
  uint64_t published = 0;
  /// Calls of send() that these took.
  uint64_t publish_sends = 0;
  /// Sends that the kernel did not take at once.
  uint64_t blocked_sends = 0;
  /// Frames that are masked or too long, or have reserved bits.
  uint64_t bad_frames = 0;
  uint64_t reserved_bits = 0;
  /// Stamps of a publisher that there is not, or is in another room.
  uint64_t bad_stamps = 0;
  uint64_t aliens = 0;
  /// Connections that ended early, by how far they had come.
  uint64_t connect_failed = 0;
  uint64_t upgrade_failed = 0;
  uint64_t died = 0;
};

/// How many connections are how far, now.
struct population {
  uint64_t opening = 0;
  uint64_t open = 0;
  uint64_t ready = 0;
  /// Never opened, in all.
  uint64_t failed = 0;
};

/// Progress of one room, for --window-by all.
struct room_progress {
  uint64_t published = 0;
  uint64_t delivered = 0;
  /// Whose turn it is to publish.
  uint32_t turn = 0;
};

/// What the parts of the generator share. One thread uses it.
struct state {
  options opts;
  target dest;
  script says;

  std::vector<client> clients;
  /// The client of each publisher.
  std::vector<uint32_t> publishers;
  /// Fan-out only.
  std::vector<room_progress> rooms;
  /// Fan-out: publishers per room for each client; pingpong: one each. Empty:
  /// not checked.
  std::vector<sequence> sequences;
  sequence_faults faults;

  counters count;
  population now;

  /// Private messages instead of rooms.
  bool pingpong = false;
  bool publishing = false;
  /// Latencies are recorded.
  bool recording = false;

  histogram latency;
  /// How late publishing at a fixed rate was.
  histogram send_lag;
  histogram handshake;
  histogram ready_after;

  /// What went wrong first; empty: nothing.
  std::string first_error;

  /// Keeps the first error and shows it.
  void note(const std::string& error);

  client& publisher(uint32_t number) { return clients[publishers[number]]; }
};

} // namespace parlor::bench::wsload
