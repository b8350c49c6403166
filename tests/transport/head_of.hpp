// SPDX-License-Identifier: MIT
#pragma once

#include "transport/request_head.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace parlor::test {

using header = std::pair<std::string_view, std::string_view>;

/// A request head for the pure judgements.
inline transport::request_head head_of(std::string_view method,
                                       std::string_view target,
                                       std::initializer_list<header> headers) {
  return {method, target, 11, headers};
}

} // namespace parlor::test
