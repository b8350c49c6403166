// SPDX-License-Identifier: MIT
#pragma once

#include "app/cluster_settings.hpp"
#include "app/custody.hpp"
#include "app/link_table.hpp"
#include "app/participation.hpp"
#include "cluster/links/loop_host.hpp"
#include "messages/handles.hpp"
#include "messages/link_health.hpp"
#include "messages/links.hpp"
#include "messages/peers.hpp"
#include "messages/roster.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor {

/// The other nodes of a running one: puts roster and links together, tells the
/// cluster's actor what they say, and sends for the actors. Thread-safe.
class neighbours final : public peers,
                         public link_health,
                         roster_listener,
                         link_listener {
public:
  explicit neighbours(node_id self);

  ~neighbours() override;

  /// Comes in, with its links on that thread; returns what went wrong. Once.
  std::optional<std::string> start(const cluster_settings& with,
                                   etcd::terms terms, cluster_actor tell,
                                   cluster::loop_host host);

  /// Takes over renewed certificates, for handshakes to come.
  void renew(const cluster_settings& with);

  /// Gets nothing new from now on: others take over.
  void drain();

  /// Takes this node out; nothing is told afterwards.
  void stop();

  bool send(incarnation as, incarnation to, const envelope& what) override;
  bool send_in_order(incarnation as, incarnation to,
                     const envelope& what) override;
  void know_lost(incarnation to) override;
  bool fenced(incarnation as) const override;
  uint64_t next_opening() override;
  void note_room(uint64_t room, uint64_t revision) override;
  void forget_room(uint64_t room) override;
  bool caught_up() override;

  /// Whether two others of the view of now, or all that there are, have what was
  /// confirmed here.
  bool handed_over() const;
  std::vector<linked_member> linked() const override;
  std::optional<setting_difference> kept_out_by() const override;
  std::vector<setting_difference> differences() const override;

private:
  void on_view(const view& now) override;
  void on_lease(time_point until) override;
  void on_fenced() override;
  void on_expelled() override;
  void on_up(const link_ptr& with) override;
  void on_frame(const link_ptr& from, uint64_t number,
                std::vector<envelope> content) override;
  void on_down(const link_ptr& with, std::string_view why) override;
  void on_dead(const member& who) override;

  void sit(seating_ptr now);
  void on_unlinked(const std::map<node_id, std::string>& now);
  void on_accord(const etcd::accord& now);

  /// Changes what decides whether this node takes part, and says what follows.
  template <class F>
  void take_part(F change);
  bool reaches_all() const;
  /// What it reaches now.
  void reconsider(participation& x) const;

  const node_id self_;
  tls::slot_ptr link_tls_;
  tls::slot_ptr etcd_tls_;
  cluster_actor tell_;
  std::unique_ptr<links> links_;
  std::unique_ptr<roster> roster_;
  /// The roster, once it may be asked; it tells before it is made.
  std::atomic<roster*> asked_{nullptr};
  std::atomic<uint64_t> openings_;
  /// Whether a view can say that this node drains, so that others take over.
  bool moves_rooms_ = false;
  link_table table_;
  custody rooms_;
  mutable std::mutex mutex_;
  /// Of the last view.
  view view_;
  std::map<node_id, std::string> unlinked_;
  etcd::accord accord_;
  participation participation_;
  member_state state_ = member_state::active;
};

} // namespace parlor
