// SPDX-License-Identifier: MIT
#include "app/standard_files.hpp"

#include <cerrno>
#include <initializer_list>

#include <fcntl.h>
#include <unistd.h>

namespace parlor {

void open_standard_files() noexcept {
  for (auto number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(number, F_GETFD) < 0 && errno == EBADF)
      // The lowest number that is free: this one.
      open("/dev/null", O_RDWR);
}

} // namespace parlor
