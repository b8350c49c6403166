// SPDX-License-Identifier: MIT
#pragma once

#include "messages/counts.hpp"
#include "messages/process_vitals.hpp"
#include "messages/to_registry.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parlor {

/// What GET /metrics tells (PROTOCOL §5), gathered from the whole node.
struct metrics_page {
  std::string node;
  std::string version;
  /// When the process started, in milliseconds since 1970.
  uint64_t started = 0;
  /// What outboxes may hold in all.
  uint64_t outbox_limit = 0;

  /// How many nodes are in the cluster, as this one knows.
  uint64_t members = 1;
  /// The other members, by whether they are linked to this one.
  std::map<std::string, uint64_t> linked;

  /// Settings that are other ones on other nodes.
  uint64_t differences = 0;
  /// When certificates end, by option, in seconds since 1970.
  std::map<std::string, uint64_t> certificates;

  // Nothing where nobody answered in time: then the page does not have it.
  std::optional<registry_stats> totals;
  std::optional<uint64_t> rooms;
  std::optional<process_vitals> process;

  /// Which I/O threads answered in time.
  std::vector<bool> threads_up;
  /// The sum over all of them; a silent one stands for what it said last.
  thread_counts counts;
  /// Messages that wait, by the kind of actor that they wait for.
  std::map<std::string, uint64_t> mailboxes;

  /// Whether all who were asked have answered.
  bool complete() const;
};

/// Prometheus' text format. Pure.
std::string render(const metrics_page& x);

} // namespace parlor
