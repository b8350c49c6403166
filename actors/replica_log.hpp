// SPDX-License-Identifier: MIT
#pragma once

#include "messages/replication.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace parlor {

/// One replica's copy of a room's order: entries numbered without a hole, of
/// one epoch after the other. Two logs that have the same place hold the same
/// up to it. A value.
class replica_log {
public:
  /// The number of the last entry; 0 before the first.
  uint64_t seq() const noexcept { return last().seq; }

  /// The place of the last entry, or of what lies before an empty log.
  place last() const noexcept;

  /// The place directly before the oldest entry.
  const place& before() const noexcept { return before_; }

  /// The entry with this number, which is in the log.
  const replication::entry& at(uint64_t seq) const;

  /// Whether it has, or had directly before its oldest entry, this place.
  bool has(const place& x) const noexcept;

  /// The next one.
  void append(replication::entry what);

  /// Forgets what comes after a number, which is not before the oldest.
  void truncate(uint64_t seq);

  /// Forgets the oldest down to so many, and so many bytes, but none above a
  /// number.
  void trim(size_t keep, size_t bytes, uint64_t upto);

  /// Memory of the entries up to a number, about.
  size_t bytes_upto(uint64_t seq) const noexcept;

  /// Begins anew behind a place, where nothing is known of what lies before
  /// but which commands are in it.
  void restart(const place& before,
               const std::vector<replication::progress>& sequenced);

  /// Forgets the producers of nodes that will never say anything again.
  template <class F>
  void forget_producers(F is_gone) {
    std::erase_if(sequenced_, [&](auto& x) { return is_gone(x.first.node); });
  }

  /// The last command of a producer that is in it, or was; 0 for none. Of a
  /// node only the latest is remembered: a room ends before the next one opens.
  uint64_t sequenced(const replication::producer& of) const;

  /// The same of all, as it was at a number that is not before the oldest.
  std::vector<replication::progress> sequenced_at(uint64_t seq) const;

  replication::digest holds() const;

  /// The last place that both have, or had; nothing in common is 0.
  place agreed(const replication::digest& other) const;

private:
  std::deque<replication::entry> entries_;
  /// Of the entries' bodies.
  size_t bytes_ = 0;
  place before_;
  std::map<replication::producer, uint64_t> sequenced_;
};

} // namespace parlor
