// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>

namespace parlor {

class memory_share;

/// Something that keeps what is not needed for ever, oldest first.
class memory_holder {
public:
  /// Forgets the oldest thing that it keeps, as another holder needs the memory;
  /// false where it keeps nothing. Is called by the pool, on the thread of both.
  virtual bool give_way() = 0;

protected:
  ~memory_holder() = default;
};

/// What the rooms of one I/O thread keep, in bytes. The limit is on the rooms of
/// all threads, and each thread has an equal part of it, so that no thread
/// waits for another (docs/decisions/0041). Where that part is exceeded, the holder
/// that has most gives way, whoever adds: nobody keeps others from keeping a
/// little. Belongs to its thread, but for `used`.
class memory_pool {
public:
  /// One of so many that have equal parts.
  explicit memory_pool(size_t pools = 1) : pools_{pools} {}

  memory_pool(const memory_pool&) = delete;
  memory_pool& operator=(const memory_pool&) = delete;

  /// Thread-safe: may be a little old on other threads.
  size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  /// Lets holders give way until there is no more than this pool's part of what
  /// all pools may have.
  void settle(size_t most_in_all);

private:
  friend class memory_share;

  /// Of equals the one that has been there longest gives way first.
  struct by_size {
    bool operator()(const memory_share* x, const memory_share* y) const;
  };

  void charge(memory_share& to, size_t bytes);

  const size_t pools_;
  std::atomic<size_t> used_{0};
  /// Those that have anything.
  std::set<memory_share*, by_size> shares_;
  uint64_t numbered_ = 0;
};

/// One holder's share of a pool, rounded up to whole steps so that the pool is
/// touched rarely. Gives everything back at its end. Not thread-safe.
class memory_share {
public:
  static constexpr size_t step = 4096;

  /// May be made and destroyed on any thread, as long as it holds nothing.
  memory_share(std::shared_ptr<memory_pool> pool, memory_holder& holder)
    : pool_{std::move(pool)}, holder_{holder} {}

  ~memory_share() {
    if (charged_ > 0)
      pool_->charge(*this, 0);
  }

  memory_share(const memory_share&) = delete;
  memory_share& operator=(const memory_share&) = delete;

  /// What it holds, exactly.
  size_t bytes() const noexcept { return bytes_; }

  /// What of the pool's is this holder's.
  size_t charged() const noexcept { return charged_; }

  void grow(size_t bytes) {
    bytes_ += bytes;
    if (bytes_ > charged_)
      charge();
  }

  void shrink(size_t bytes) {
    bytes_ -= bytes < bytes_ ? bytes : bytes_;
    if (bytes_ + step <= charged_)
      charge();
  }

  /// As the pool's. This holder may be the one that gives way.
  void settle(size_t most_in_all) { pool_->settle(most_in_all); }

private:
  friend class memory_pool;

  void charge() {
    pool_->charge(*this, (bytes_ + step - 1) / step * step);
  }

  std::shared_ptr<memory_pool> pool_;
  memory_holder& holder_;
  /// Which one it was to hold anything for the first time; 0 before that.
  uint64_t number_ = 0;
  size_t bytes_ = 0;
  /// `bytes_`, rounded up.
  size_t charged_ = 0;
};

} // namespace parlor
