// SPDX-License-Identifier: MIT
#include "cluster/etcd/etcd_roster.hpp"

#include "cluster/etcd/stay_keeper.hpp"

#include <algorithm>
#include <utility>

namespace parlor::etcd {

std::variant<std::unique_ptr<roster>, std::string>
etcd_roster::make(roster_options options, roster_listener& listener) {
  std::unique_ptr<boost::asio::ssl::context> tls;
  if (std::any_of(options.endpoints.begin(), options.endpoints.end(),
                  [](const endpoint& x) { return x.tls; })) {
    auto made = make_tls(options.tls);
    if (auto* problem = std::get_if<std::string>(&made))
      return *problem;
    tls = std::get<0>(std::move(made));
  }
  return std::unique_ptr<roster>{new etcd_roster{std::make_unique<stay_keeper>(
    std::move(options), std::move(tls), listener)}};
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
