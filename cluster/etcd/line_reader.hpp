// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace parlor::etcd {

/// Cuts a stream into lines. A pure value.
class line_reader {
public:
  /// What has no end after so many bytes is no line.
  explicit line_reader(size_t longest) : longest_{longest} {}

  /// Takes more of the stream; false where a line is too long, and nothing
  /// more can be read.
  bool feed(std::string_view bytes) {
    rest_.erase(0, std::exchange(read_, 0));
    rest_ += bytes;
    return rest_.size() <= longest_ || rest_.find('\n') != rest_.npos;
  }

  /// The next whole line, without its end; good until more is fed.
  std::optional<std::string_view> next() {
    auto end = rest_.find('\n', read_);
    if (end == rest_.npos)
      return std::nullopt;
    auto from = std::exchange(read_, end + 1);
    return std::string_view{rest_}.substr(from, end - from);
  }

private:
  size_t longest_;
  std::string rest_;
  /// So many bytes of it have been handed out.
  size_t read_ = 0;
};

} // namespace parlor::etcd
