// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/links.hpp"
#include "tests/bench/wsload/state.hpp"

#include <cstdint>
#include <string>

namespace parlor::bench::wsload {

/// Decides when which client publishes: by window or at a fixed rate.
class publisher {
public:
  publisher(state& st, links& wire);

  /// `count` messages of one client, in sends of --batch-max at most.
  void publish(client& c, uint32_t count, uint64_t sent_at);

  /// The first messages; from here on everything follows from them.
  void start();

  /// After a read: replaces the client's own messages that came back, or
  /// answers its `deliveries` private ones.
  void after_read(client& c, uint32_t deliveries);

  /// At a fixed rate: publishes what is due.
  void tick();

  /// When `tick` is due, ns; never where there is no rate.
  uint64_t next_tick() const;

  /// With --window-by all: fills the room's window up.
  void fill_window(uint32_t room);

  bool by_all() const { return by_all_; }

private:
  state& st_;
  links& wire_;
  bool by_rate_;
  bool by_all_;
  uint64_t next_ = 0;
  /// The publisher whose turn it is.
  uint32_t turn_ = 0;
  double interval_ = 0;
  /// What `next_`, an integer, is behind the sum of the intervals.
  double fraction_ = 0;
  /// Scratch, to spare allocations.
  std::string text_;
  std::string frames_;
};

} // namespace parlor::bench::wsload
