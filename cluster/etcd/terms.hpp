// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/api.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::etcd {

/// Settings that have to be 0 on all nodes of a cluster or on none, by their names.
using terms = std::map<std::string, uint64_t>;

struct disagreement {
  std::string setting;
  uint64_t here = 0;
  /// The other node, and what it has.
  std::string node;
  uint64_t there = 0;

  friend bool operator==(const disagreement&, const disagreement&) = default;
};

/// What node `self` may not be in for, by the keys below this prefix that were made
/// before that revision. What a key does not say it agrees with.
std::optional<disagreement> disagreement_of(const terms& mine,
                                            std::string_view self,
                                            const std::vector<entry>& all,
                                            std::string_view prefix,
                                            uint64_t before);

} // namespace parlor::etcd
