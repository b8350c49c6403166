// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/histogram.hpp"

#include <string>
#include <string_view>

namespace parlor::bench::wsload {

/// One flat JSON object, built in the order of its calls.
class json_line {
public:
  /// Control characters become spaces.
  void text(std::string_view key, std::string_view value);

  /// Integers as such, others with six digits.
  void number(std::string_view key, double value);

  void count(std::string_view key, uint64_t value) {
    number(key, static_cast<double>(value));
  }

  /// Count, mean and quantiles (µs), each key with this prefix.
  void durations(const std::string& prefix, const histogram& values);

  /// The object; nothing may be added any more.
  std::string finish() &&;

private:
  void key(std::string_view name);

  std::string out_;
};

} // namespace parlor::bench::wsload
