// SPDX-License-Identifier: MIT
#include "tests/scaling/command_line.hpp"

int main(int argc, char** argv) {
  return parlor::scaling::run({argv + 1, argv + argc});
}
