// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// libFuzzer calls it with one input after the other.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace parlor::fuzz {

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Says what is wrong and ends the process, which libFuzzer takes for a
/// finding, unless `holds`.
inline void require(bool holds, const char* what) {
  if (holds)
    return;
  std::fprintf(stderr, "WRONG: %s\n", what);
  std::abort();
}

} // namespace parlor::fuzz
