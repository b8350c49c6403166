// SPDX-License-Identifier: MIT
#include "cluster/etcd/etcd_roster.hpp"

#include "cluster/etcd/stay_keeper.hpp"

#include <utility>

namespace parlor::etcd {

std::unique_ptr<roster> etcd_roster::make(roster_options options,
                                          roster_listener& listener) {
  return std::unique_ptr<roster>{new etcd_roster{
    std::make_unique<stay_keeper>(std::move(options), listener)}};
}

etcd_roster::etcd_roster(std::unique_ptr<stay_keeper> keeper)
  : keeper_{std::move(keeper)} {}

etcd_roster::~etcd_roster() = default;

void etcd_roster::set_state(member_state mine) {
  keeper_->set_state(mine);
}

void etcd_roster::evict(const member& suspect) {
  keeper_->evict(suspect);
}

etcd_roster::time_point etcd_roster::lease() const noexcept {
  return keeper_->lease();
}

} // namespace parlor::etcd
