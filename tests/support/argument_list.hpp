// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parlor::test {

/// A program's arguments, one after the other: names, some with a value behind.
class argument_list {
public:
  explicit argument_list(std::vector<std::string> all) : all_{std::move(all)} {}

  bool done() const noexcept { return read_ == all_.size(); }

  /// The next one, which throws std::invalid_argument where there is none: the
  /// value of the one before is missing then.
  const std::string& next() {
    if (done())
      throw std::invalid_argument{"a value is missing: " + all_.back()};
    return all_[read_++];
  }

private:
  std::vector<std::string> all_;
  size_t read_ = 0;
};

} // namespace parlor::test
