// SPDX-License-Identifier: MIT
#pragma once

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace parlor {

/// The state of one actor at one moment, for people: what kind it is and what
/// it holds, as name and value. Contents of messages are never in it.
struct report {
  std::string kind;
  uint64_t actor = 0;
  std::vector<std::pair<std::string, std::string>> state;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, report& x) {
  return f(caf::meta::type_name("report"), x.kind, x.actor, x.state);
}

} // namespace parlor
