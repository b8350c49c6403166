// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/api.hpp"
#include "cluster/etcd/terms.hpp"
#include "messages/view.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::etcd {

/// What a node writes into its key: a JSON object with address, version and
/// state, and its terms. What a later version adds to it is not looked at.
std::string encode_member(const member& x, const terms& mine = {});

/// The member that a key speaks of, by the last part of the key and its value;
/// its incarnation is the revision that made the key. None where the name is
/// not one of a node, or the value is not what encode_member() makes.
std::optional<member> decode_member(std::string_view id, const entry& from);

/// All nodes as the keys below a prefix say, followed from one revision to the
/// next. What is changed by one revision is seen at once, so that every node
/// sees the same sequence of views. Keys that make no sense are no members. A
/// pure value.
class node_table {
public:
  explicit node_table(std::string prefix) : prefix_{std::move(prefix)} {}

  /// Begins anew with all that was there at a revision. What etcd calls a
  /// revision counts from this offset on: in views, and in incarnations.
  view reset(uint64_t revision, const std::vector<entry>& all,
             uint64_t offset = 0);

  /// The views that follow from changes, which are in the order of their
  /// revisions: one for each that changes a key of these. What is known already
  /// changes nothing.
  std::vector<view> apply(const std::vector<change>& changes);

  /// What the others have other values for than this node.
  std::vector<disagreement> differences(const terms& mine,
                                        const node_id& self) const;

private:
  void put(const entry& x);
  void erase(const node_id& who);
  view now(uint64_t revision) const;

  std::string prefix_;
  uint64_t revision_ = 0;
  uint64_t offset_ = 0;
  std::map<node_id, member> members_;
  std::map<node_id, term_values> terms_;
};

} // namespace parlor::etcd
