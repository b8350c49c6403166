// SPDX-License-Identifier: MIT
#pragma once

#include "messages/limits.hpp"

#include <cstddef>
#include <utility>

namespace parlor::transport {

/// The part of one request's body in what the bodies of a thread may hold
/// together (`max_bodies_bytes`), from its head until it was answered. Not
/// thread-safe.
class body_share {
public:
  /// `total` is what all of the thread hold, and outlives the share.
  explicit body_share(size_t& total) noexcept : total_{total} {}

  body_share(const body_share&) = delete;
  body_share& operator=(const body_share&) = delete;

  ~body_share() { give_back(); }

  /// Takes so much in all; false, and nothing is taken, where all together would
  /// be too much.
  bool grow_to(size_t bytes) noexcept {
    if (bytes <= bytes_)
      return true;
    if (bytes - bytes_ > max_bodies_bytes - total_)
      return false;
    total_ += bytes - bytes_;
    bytes_ = bytes;
    return true;
  }

  void give_back() noexcept { total_ -= std::exchange(bytes_, 0); }

private:
  size_t& total_;
  size_t bytes_ = 0;
};

} // namespace parlor::transport
