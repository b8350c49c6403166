// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/endpoint.hpp"
#include "cluster/etcd/terms.hpp"
#include "messages/roster.hpp"
#include "tls/slot.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace parlor::etcd {

class stay_keeper;

struct roster_options {
  /// At least one; the next one is asked where one fails.
  std::vector<endpoint> endpoints;
  /// By make_tls(), for connections to come; null where no endpoint wants TLS.
  tls::slot_ptr tls;
  /// Begins the keys of this cluster, such as "/parlor"; not empty.
  std::string prefix;
  /// After so long without a word of a node it is out. etcd may make it more.
  std::chrono::seconds ttl{5};
  /// This node; its incarnation is not looked at. A key of this name with the
  /// same address may be one of this node's process of before: it is taken over
  /// unless its holder answers. Any other is waited for.
  member self;
  /// A node that does not agree with those who are in waits, and says so.
  etcd::terms terms;
  /// Called on the roster's thread with how these go with the others', where that
  /// has changed; may be left out.
  std::function<void(const accord&)> accorded = {};
};

/// Who is in, as etcd decides: each node has a key with a lease that it renews.
/// A node whose key is gone, or that cannot follow the changes any more, is
/// expelled and comes in again as a new incarnation. Has a thread of its own,
/// on which the listener is called.
class etcd_roster final : public roster {
public:
  /// Starts. What goes wrong with etcd is logged and tried again for ever.
  static std::unique_ptr<roster> make(roster_options options,
                                      roster_listener& listener);

  ~etcd_roster() override;

  void set_state(member_state mine) override;
  void evict(const member& suspect) override;
  time_point lease() const noexcept override;

private:
  explicit etcd_roster(std::unique_ptr<stay_keeper> keeper);

  std::unique_ptr<stay_keeper> keeper_;
};

} // namespace parlor::etcd
