// SPDX-License-Identifier: MIT
#include "actors/rate_limit.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <cmath>

namespace parlor {

rate_limit::verdict rate_limit::judge(clock::time_point now) {
  if (per_second_ == 0)
    return verdict::pass;
  if (last_ != clock::time_point{}) {
    std::chrono::duration<double> since = now - last_;
    tokens_ = std::min(double(burst_), tokens_ + since.count() * per_second_);
  }
  last_ = now;
  if (tokens_ >= 1) {
    tokens_ -= 1;
    return verdict::pass;
  }
  if (last_refusal_ == clock::time_point{} || now - last_refusal_ > pause)
    first_refusal_ = now;
  last_refusal_ = now;
  return now - first_refusal_ >= abuse_window ? verdict::hang_up
                                              : verdict::refuse;
}

std::chrono::milliseconds rate_limit::retry_after() const {
  auto missing = std::max(0.0, 1 - tokens_);
  auto ms = std::ceil(1000 * missing / std::max(1u, per_second_));
  return std::chrono::milliseconds{static_cast<int64_t>(ms)};
}

} // namespace parlor
