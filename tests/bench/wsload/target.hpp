// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/options.hpp"

#include <netinet/in.h>

#include <string>
#include <vector>

namespace parlor::bench::wsload {

/// Where the connections go and where they come from.
struct target {
  /// As in the URL; the path is a template still.
  std::string host;
  std::string port;
  std::string path;
  sockaddr_in address;
  /// Source addresses; empty: the kernel's choice.
  std::vector<in_addr> sources;
};

/// Takes the URL apart. Throws usage_error, also where the address is not in
/// 127.0.0.0/8: this program loads nobody else's machine.
target make_target(const options& opts);

} // namespace parlor::bench::wsload
