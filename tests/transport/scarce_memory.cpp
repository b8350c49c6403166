// SPDX-License-Identifier: MIT
#include "tests/transport/scarce_memory.hpp"

#include <cstdlib>
#include <new>

namespace parlor::test {

thread_local bool memory_is_scarce = false;

} // namespace parlor::test

void* operator new(size_t size) {
  auto* result = parlor::test::memory_is_scarce ? nullptr : std::malloc(size);
  if (result == nullptr)
    throw std::bad_alloc{};
  return result;
}

void operator delete(void* what) noexcept {
  std::free(what);
}

void operator delete(void* what, size_t) noexcept {
  std::free(what);
}
