// SPDX-License-Identifier: MIT
#pragma once

#include "messages/frame_kind.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace parlor {

/// What the copies of a frame share: its bytes lie behind this in memory, and
/// never change. Thread-safe.
class frame_block {
public:
  /// Room for so many bytes, with one owner. They are to be written before
  /// anybody else sees them.
  static frame_block* make(uint32_t size, frame_kind kind);

  char* data() noexcept { return reinterpret_cast<char*>(this + 1); }

  std::string_view bytes() const noexcept {
    return {reinterpret_cast<const char*>(this + 1), size_};
  }

  frame_kind kind() const noexcept { return kind_; }

  /// The block that was kept beside this one; nullptr before.
  frame_block* twin() const noexcept {
    return twin_.load(std::memory_order_acquire);
  }

  /// Keeps a block beside this one for as long as this one lives; false where
  /// there is one already. May be this one itself.
  bool keep(frame_block* twin) noexcept;

  friend void intrusive_ptr_add_ref(frame_block* x) noexcept {
    x->owners_.fetch_add(1, std::memory_order_relaxed);
  }

  friend void intrusive_ptr_release(frame_block* x) noexcept {
    if (x->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      x->destroy();
  }

private:
  frame_block(uint32_t size, frame_kind kind) noexcept
    : size_{size}, kind_{kind} {}

  ~frame_block() = default;

  void destroy() noexcept;

  std::atomic<uint32_t> owners_ = 1;
  uint32_t size_;
  std::atomic<frame_block*> twin_ = nullptr;
  frame_kind kind_;
};

} // namespace parlor
