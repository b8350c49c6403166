// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/state.hpp"

#include <cstdio>

namespace parlor::bench::wsload {

void state::note(const std::string& error) {
  if (!first_error.empty())
    return;
  first_error = error;
  std::fprintf(stderr, "wsload: first error: %s\n", error.c_str());
}

} // namespace parlor::bench::wsload
