// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/api.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::etcd {

/// Where etcd's revisions begin, as a key says that all nodes follow.
struct history {
  uint64_t offset = 0;
  /// The revision of the key's last change; 0 where there is no such key.
  uint64_t changed = 0;

  friend bool operator==(const history&, const history&) = default;
};

/// A key that makes no sense says 0.
history read_history(const std::vector<entry>& from, std::string_view key);

/// The offset by which what comes in a store that is at this revision is above all
/// that was known, and above what nodes that knew a little more will want.
uint64_t offset_above(uint64_t known, uint64_t revision);

/// Which of etcd's clusters is to be asked, by what each endpoint says; an endpoint
/// that did not answer says nothing. The one that all who answered are of, or that
/// more than half of all endpoints are of; none where nobody can know.
std::optional<std::string>
chosen_cluster(const std::vector<std::string>& of_endpoints);

} // namespace parlor::etcd
