// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace parlor {

/// What rooms on different threads keep together, in bytes. Thread-safe: a
/// number that each of them adds to and takes from, no lock.
class memory_pool {
public:
  void add(size_t bytes) noexcept {
    used_.fetch_add(bytes, std::memory_order_relaxed);
  }

  void remove(size_t bytes) noexcept {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
  std::atomic<size_t> used_{0};
};

/// One holder's part of a pool, rounded up to whole steps so that the pool is
/// touched rarely. Gives everything back at its end. Not thread-safe.
class memory_share {
public:
  static constexpr size_t step = 4096;

  explicit memory_share(std::shared_ptr<memory_pool> pool)
    : pool_{std::move(pool)} {}

  ~memory_share() { pool_->remove(charged_); }

  memory_share(const memory_share&) = delete;
  memory_share& operator=(const memory_share&) = delete;

  /// What it holds, exactly.
  size_t bytes() const noexcept { return bytes_; }

  /// What of the pool's is this holder's.
  size_t charged() const noexcept { return charged_; }

  /// Whether all holders together have more than `most`.
  bool over(size_t most) const noexcept { return pool_->used() > most; }

  void grow(size_t bytes) noexcept {
    bytes_ += bytes;
    if (bytes_ > charged_)
      charge();
  }

  void shrink(size_t bytes) noexcept {
    bytes_ -= std::min(bytes, bytes_);
    if (bytes_ + step <= charged_)
      charge();
  }

private:
  void charge() noexcept {
    auto steps = (bytes_ + step - 1) / step;
    pool_->add(steps * step);
    pool_->remove(charged_);
    charged_ = steps * step;
  }

  std::shared_ptr<memory_pool> pool_;
  size_t bytes_ = 0;
  /// `bytes_`, rounded up.
  size_t charged_ = 0;
};

} // namespace parlor
