// SPDX-License-Identifier: MIT
#pragma once

#include "messages/links.hpp"
#include "messages/view.hpp"

#include <map>
#include <mutex>
#include <set>

namespace parlor {

/// Which links there are, and who may speak over them: only who is this node's
/// stay of now, and who relies on the order only after it knows of each loss.
/// Thread-safe; nothing blocks.
class link_table {
public:
  /// This node is in as that stay from now on; as none, where it is not in.
  void sit(incarnation stay);

  /// Whether it is still in as that stay.
  bool is_in_as(incarnation stay) const;

  void add(const link_ptr& with);

  /// A link has ended; not the one that has taken its place already.
  void lose(const link_ptr& with);

  /// Who relies on the order has heard of one loss.
  void know_lost(incarnation to);

  /// The link to a node; none where there is none, or who speaks is not the stay
  /// of now.
  link_ptr find(incarnation as, incarnation to) const;

  /// Whether there is a link to that stay of a node.
  bool has(incarnation to) const;

  /// The same, but none also where a loss was not heard of: what was on its way is
  /// lost perhaps, and must not be overtaken over the next link.
  link_ptr find_in_order(incarnation as, incarnation to) const;

private:
  link_ptr find_held(incarnation as, incarnation to) const;

  mutable std::mutex mutex_;
  incarnation stay_;
  std::map<incarnation, link_ptr> linked_;
  /// A stay for each loss that was not heard of.
  std::multiset<incarnation> unheard_;
};

} // namespace parlor
