// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace parlor::bench::wsload {

/// Counts of durations in ns, in 64 steps per power of two: a quantile is off
/// by less than 1.6 %.
class histogram {
public:
  void add(uint64_t value) {
    ++buckets_[index_of(value)];
    ++count_;
    sum_ += static_cast<double>(value);
    if (value > max_)
      max_ = value;
  }

  uint64_t count() const { return count_; }

  uint64_t max() const { return max_; }

  double mean() const {
    return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
  }

  /// The middle of the bucket that holds the share `p` (0 to 1) of all values;
  /// 0 where there are none.
  double quantile(double p) const;

private:
  static constexpr unsigned step_bits = 6;
  static constexpr uint64_t steps = 1u << step_bits;

  static size_t index_of(uint64_t value) {
    if (value < steps)
      return value;
    const auto power = 63 - static_cast<unsigned>(__builtin_clzll(value));
    const auto shift = power - step_bits;
    return (uint64_t{shift + 1} << step_bits) | (value >> shift & (steps - 1));
  }

  static double middle_of(size_t index);

  std::array<uint64_t, (64 - step_bits + 1) * steps> buckets_{};
  uint64_t count_ = 0;
  uint64_t max_ = 0;
  double sum_ = 0;
};

} // namespace parlor::bench::wsload
