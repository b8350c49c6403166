// SPDX-License-Identifier: MIT
#include "tests/explore/command_line.hpp"

int main(int argc, char** argv) {
  return parlor::explore::run({argv + 1, argv + argc});
}
