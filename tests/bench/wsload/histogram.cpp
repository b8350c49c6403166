// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/histogram.hpp"

#include <algorithm>

namespace parlor::bench::wsload {

double histogram::middle_of(size_t index) {
  if (index < steps)
    return static_cast<double>(index);
  const auto shift = (index >> step_bits) - 1;
  const auto low = ((index & (steps - 1)) | steps) << shift;
  return static_cast<double>(low) + static_cast<double>(1ull << shift) / 2;
}

double histogram::quantile(double p) const {
  if (count_ == 0)
    return 0;
  const auto rank = static_cast<uint64_t>(p * static_cast<double>(count_));
  const auto want = std::min(rank, count_ - 1);
  uint64_t passed = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    passed += buckets_[i];
    if (passed > want)
      return std::min(middle_of(i), static_cast<double>(max_));
  }
  return static_cast<double>(max_);
}

} // namespace parlor::bench::wsload
