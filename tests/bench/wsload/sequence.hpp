// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace parlor::bench::wsload {

/// What went wrong with the numbers of all (receiver, publisher) pairs.
struct sequence_faults {
  /// Numbers that were skipped and have not come since.
  uint64_t gaps = 0;
  uint64_t duplicates = 0;
  /// Came after a higher number.
  uint64_t out_of_order = 0;
};

/// What one receiver has seen of one publisher: numbers from 0, each once.
struct sequence {
  /// One above the highest number seen.
  uint32_t next = 0;
  /// Bit i: next - 1 - i was seen. What is older counts as seen.
  uint64_t seen = 0;

  void observe(uint32_t number, sequence_faults& faults) {
    if (number == next) [[likely]] {
      ++next;
      seen = seen << 1 | 1;
    } else if (number > next) {
      skip_to(number, faults);
    } else {
      look_back(next - 1 - number, faults);
    }
  }

private:
  static constexpr uint32_t remembered = 64;

  void skip_to(uint32_t number, sequence_faults& faults) {
    const auto skipped = number - next;
    faults.gaps += skipped;
    seen = skipped + 1 >= remembered ? 1 : seen << (skipped + 1) | 1;
    next = number + 1;
  }

  void look_back(uint32_t age, sequence_faults& faults) {
    if (age >= remembered || (seen >> age & 1) != 0) {
      ++faults.duplicates;
    } else {
      seen |= uint64_t{1} << age;
      ++faults.out_of_order;
      --faults.gaps;
    }
  }
};

} // namespace parlor::bench::wsload
