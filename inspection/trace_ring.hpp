// SPDX-License-Identifier: MIT
#pragma once

#include "messages/inspection.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parlor::inspection {

/// The last messages of one actor, at most `traced_messages`. Takes memory for
/// those that there are. A pure value; the texts are someone else's.
class trace_ring {
public:
  struct entry {
    event::timestamp at{};
    std::string_view what;
    uint64_t sender = 0;
    std::string_view sender_kind;
    std::chrono::nanoseconds took{0};
  };

  void add(const entry& x) {
    if (entries_.size() < traced_messages)
      entries_.push_back(x);
    else
      entries_[oldest_] = x;
    oldest_ = (oldest_ + 1) % traced_messages;
  }

  /// Oldest first.
  std::vector<entry> all() const {
    auto result = entries_;
    if (result.size() == traced_messages)
      std::rotate(result.begin(),
                  result.begin() + static_cast<std::ptrdiff_t>(oldest_),
                  result.end());
    return result;
  }

private:
  std::vector<entry> entries_;
  /// Where the next one goes.
  size_t oldest_ = 0;
};

} // namespace parlor::inspection
