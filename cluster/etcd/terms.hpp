// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/api.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parlor::etcd {

using term_value = std::variant<uint64_t, std::string>;

/// What is asked of the other nodes of a cluster: without it a node stays out.
enum class agreement : uint8_t {
  /// Nothing: a difference is told, for a cluster is changed node by node.
  told,
  /// 0, or "none", on all of them or on none.
  both_or_none,
  /// The same value.
  same,
};

/// What this node has for one setting, and what it asks of others.
struct term {
  term_value value;
  agreement wanted = agreement::told;
};

/// By the names of settings; what travels are their values.
using terms = std::map<std::string, term>;
using term_values = std::map<std::string, term_value>;

struct disagreement {
  std::string setting;
  term_value here;
  /// The other node, and what it has.
  std::string node;
  term_value there;

  friend bool operator==(const disagreement&, const disagreement&) = default;
};

/// How this node's terms go with those of the others.
struct accord {
  /// Why it may not be in.
  std::optional<disagreement> kept_out_by;
  /// While it is in: what is another value elsewhere.
  std::vector<disagreement> differences;

  friend bool operator==(const accord&, const accord&) = default;
};

/// What a node's key says of its terms: nothing where it makes no sense, or is of
/// a version that has none.
term_values decode_terms(std::string_view key_value);

/// What node `self` may not be in for, by the keys below this prefix that were made
/// before that revision. What a key does not say it agrees with.
std::optional<disagreement> disagreement_of(const terms& mine,
                                            std::string_view self,
                                            const std::vector<entry>& all,
                                            std::string_view prefix,
                                            uint64_t before);

/// Adds what this other node has another value for.
void add_differences(std::vector<disagreement>& to, const terms& mine,
                     const std::string& node, const term_values& its);

/// As a line has it.
std::string to_string(const term_value& x);

} // namespace parlor::etcd
