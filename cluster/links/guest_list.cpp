// SPDX-License-Identifier: MIT
#include "cluster/links/guest_list.hpp"

#include "cluster/node_name.hpp"

#include <utility>

namespace parlor::cluster {

bool guest_list::update(const view& now) {
  view_ = now;
  auto* self = view_.find(self_);
  auto was_in = std::exchange(in_, self != nullptr);
  auto was = std::exchange(stay_, self ? self->incarnation : incarnation{});
  return was_in != in_ || was != stay_;
}

std::string_view guest_list::objection(const node_id& who,
                                       incarnation stay) const {
  if (!is_node_name(who.str()))
    return "that is no name of a node";
  if (who == self_)
    return "that is my own name";
  if (!in_)
    return "this node is not in the cluster";
  auto* known = view_.find(who);
  // Rosters that do not change have no incarnations.
  if (known && known->incarnation == stay)
    return "";
  return stay.value() > view_.revision ? "" : "that node is not in the cluster";
}

std::vector<member> guest_list::to_dial() const {
  std::vector<member> result;
  if (in_)
    for (const auto& x : view_.members)
      if (x.id < self_)
        result.push_back(x);
  return result;
}

std::vector<member> guest_list::others() const {
  std::vector<member> result;
  if (in_)
    for (const auto& x : view_.members)
      if (x.id != self_)
        result.push_back(x);
  return result;
}

} // namespace parlor::cluster
