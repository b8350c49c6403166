// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace parlor::bench::limit {

/// The 101 answer to an upgrade request with this Sec-WebSocket-Key.
std::string upgrade_answer(std::string_view key);

} // namespace parlor::bench::limit
