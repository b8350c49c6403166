// SPDX-License-Identifier: MIT
#pragma once

#include <sanitizer/allocator_interface.h>

#include <cstddef>

/// What a piece of code asks of the allocator, however shortly.
namespace parlor::fuzz {

/// Counts the bytes that are allocated while it lives. One at a time, on the
/// one thread that there is.
class allocations {
public:
  allocations() noexcept {
    static auto installed = __sanitizer_install_malloc_and_free_hooks(
      [](const volatile void*, size_t size) { bytes_ += size; },
      [](const volatile void*) {});
    // Nothing would be counted.
    if (installed == 0)
      __builtin_trap();
    bytes_ = 0;
  }

  allocations(const allocations&) = delete;
  allocations& operator=(const allocations&) = delete;

  size_t bytes() const noexcept { return bytes_; }

private:
  static inline size_t bytes_ = 0;
};

} // namespace parlor::fuzz
