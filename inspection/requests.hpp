// SPDX-License-Identifier: MIT
#pragma once

#include "messages/inspection.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace parlor::inspection {

/// Why a request is not served.
struct bad_request {
  unsigned status = 400;
  std::string detail;
};

using request
  = std::variant<bad_request, picture_query, actors_query, actor_query>;

/// What a GET of this target, below /debug, asks for:
///   /debug/overview
///   /debug/actors?kind=&thread=&search=&order=&after=&limit=
///   /debug/actors/{id}
/// Other parameters are ignored. Pure.
request parse_request(std::string_view target);

} // namespace parlor::inspection
