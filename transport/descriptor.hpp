// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <unistd.h>

namespace parlor::transport {

/// Owns a file descriptor, or none (negative).
class descriptor {
public:
  descriptor() = default;

  explicit descriptor(int number) noexcept : number_{number} {}

  descriptor(descriptor&& other) noexcept
    : number_{std::exchange(other.number_, -1)} {}

  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  ~descriptor() { close(); }

  int get() const noexcept { return number_; }

  bool is_open() const noexcept { return number_ >= 0; }

  /// It is released whatever close() says.
  void close() noexcept {
    if (is_open())
      ::close(std::exchange(number_, -1));
  }

private:
  int number_ = -1;
};

} // namespace parlor::transport
