// SPDX-License-Identifier: MIT
#include "app/memory.hpp"

#include <cstddef>

#include <malloc.h>

namespace parlor {

void return_free_memory() {
  constexpr size_t worth_it = 16 * 1024 * 1024;
  auto now = ::mallinfo2();
  if (now.fordblks > worth_it && now.fordblks > now.uordblks / 2)
    ::malloc_trim(0);
}

} // namespace parlor
