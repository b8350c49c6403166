// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace parlor {

/// All presence may have so large a part of `history.total-bytes` beside what
/// that is for.
inline constexpr size_t presence_part = 4;

/// What the members of all rooms say of themselves, in bytes. Nobody can be made
/// to take it back, so whoever says more above the limit is refused. Thread-safe:
/// a number that rooms add to and take from, no lock.
class presence_memory {
public:
  size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
  friend class presence_share;

  std::atomic<size_t> used_{0};
};

/// One room's part of it, which is given back at its end. Not thread-safe.
class presence_share {
public:
  explicit presence_share(std::shared_ptr<presence_memory> all)
    : all_{std::move(all)} {}

  ~presence_share() { resize(0); }

  presence_share(const presence_share&) = delete;
  presence_share& operator=(const presence_share&) = delete;

  void resize(size_t bytes) noexcept {
    all_->used_.fetch_add(bytes - bytes_, std::memory_order_relaxed);
    bytes_ = bytes;
  }

private:
  std::shared_ptr<presence_memory> all_;
  size_t bytes_ = 0;
};

} // namespace parlor
