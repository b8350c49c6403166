// SPDX-License-Identifier: MIT
#pragma once

#include "tests/actors/cluster_fixture.hpp"
#include "tests/scaling/tally.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace parlor::scaling {

/// CPU time of this thread.
std::chrono::nanoseconds cpu_time();

/// A cluster of any size in one process: all actors of all nodes, and stubs for
/// sockets, links and the roster. Counts what its nodes send each other, and
/// what CPU time they take. The same each time: envelopes arrive node by node,
/// in the order in which they were sent, and nobody waits for a network.
class counted_cluster : public test::cluster_fixture {
public:
  explicit counted_cluster(size_t nodes);

  /// Each node has a client; each room has those of its `spread` nodes in. They
  /// are drawn by its name, and do not depend on where it lives.
  void open_rooms(const std::vector<std::string>& rooms, size_t spread);

  /// The nodes with a member of this room. What is said there is said at the
  /// first of them.
  std::vector<size_t> crowd_of(const std::string& room, size_t spread) const;

  /// Until nothing is on its way any more; timers fire so often.
  void flow(int beats);

  /// A node's process dies; the others lose their links to it, and then see who
  /// is in. Clients of its are gone.
  void crash(size_t which);

  /// It comes back as another one, without a client.
  void come_back(size_t which);

  /// Its rooms go to others, or come back; its clients stay.
  void drain(size_t which, bool on);

  /// All see who is in, and nothing has changed.
  void look_again();

  /// All that was sent.
  const tally& sent() const noexcept { return sent_; }

  /// CPU time, but for what counting takes.
  std::chrono::nanoseconds used() const;

  client& client_at(size_t which) { return clients[which]; }

private:
  void pass_on();

  tally sent_;
  /// For counting alone.
  std::chrono::nanoseconds counting_{0};
};

} // namespace parlor::scaling
