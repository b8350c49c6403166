// SPDX-License-Identifier: MIT
#include "messages/frame_block.hpp"

#include <new>

namespace parlor {

frame_block* frame_block::make(uint32_t size, frame_kind kind) {
  auto* place = ::operator new(sizeof(frame_block) + size);
  return ::new (place) frame_block{size, kind};
}

bool frame_block::keep(frame_block* twin) noexcept {
  frame_block* none = nullptr;
  if (!twin_.compare_exchange_strong(none, twin, std::memory_order_acq_rel,
                                     std::memory_order_acquire))
    return false;
  // It would keep itself alive.
  if (twin != this)
    intrusive_ptr_add_ref(twin);
  return true;
}

void frame_block::destroy() noexcept {
  if (auto* other = twin(); other && other != this)
    intrusive_ptr_release(other);
  this->~frame_block();
  ::operator delete(this);
}

} // namespace parlor
