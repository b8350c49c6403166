// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parlor::etcd {

/// RFC 4648 §4, with padding.
std::string to_base64(std::string_view bytes);

/// None where the text is not exactly that.
std::optional<std::string> from_base64(std::string_view text);

} // namespace parlor::etcd
