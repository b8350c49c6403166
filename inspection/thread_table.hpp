// SPDX-License-Identifier: MIT
#pragma once

#include "inspection/trace_ring.hpp"
#include "messages/inspection.hpp"
#include "messages/keyed_hash.hpp"

#include <caf/actor_control_block.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <vector>

namespace parlor::inspection {

/// The actors of one thread and what they have done. What has ended leaves the
/// list and stays in the sums, which never fall. A value: it looks into no
/// actor, and has no clock.
class thread_table {
public:
  /// One actor.
  struct entry {
    std::string_view kind;
    std::string title;
    /// Expired where the actor has gone.
    caf::weak_actor_ptr handle;
    uint64_t mailbox = 0;
    uint64_t handled = 0;
    std::chrono::nanoseconds busy{0};
    trace_ring recent;
  };

  /// Says how many messages wait for an actor; none where it has gone.
  using depth_of
    = std::function<std::optional<uint64_t>(const caf::weak_actor_ptr&)>;

  explicit thread_table(std::optional<uint32_t> thread) : thread_{thread} {}

  /// The entry of an actor, which is made where there is none; valid until that
  /// has left. Its title is the last one told.
  entry& enter(uint64_t id, std::string_view kind, std::string_view title,
               const caf::weak_actor_ptr& handle);

  /// Null where there is none.
  const entry* find(uint64_t id) const;

  std::vector<const entry*> of_kind(std::string_view kind) const;

  /// An actor has handled a message.
  void add(entry& who, const trace_ring::entry& what);

  /// An actor, maybe of another thread, has ended. Its entry stays until the
  /// next call of `enter` or `look`.
  void leave(uint64_t id);

  /// Measures every mailbox and lets go who has gone.
  void look(const depth_of& depth);

  size_t size() const noexcept { return entries_.size(); }

  /// A text that stays; there are as many as there are kinds of messages.
  std::string_view keep(std::string_view text);

  actor_summary summary(uint64_t id, const entry& x) const;

  /// All as of the last `look`.
  actors_page page(const actors_query& query) const;
  thread_picture picture() const;

private:
  struct sums {
    uint64_t actors = 0;
    uint64_t handled = 0;
    std::chrono::nanoseconds busy{0};
  };

  void let_go();

  std::optional<uint32_t> thread_;
  /// By id, for pages.
  std::map<uint64_t, entry> entries_;
  std::map<std::string_view, sums> kinds_;
  /// From whom, to whom, whether on this thread.
  std::map<std::tuple<std::string_view, std::string_view, bool>, uint64_t>
    flows_;
  std::vector<uint64_t> gone_;
  std::unordered_set<std::string, keyed_hash> texts_;
};

} // namespace parlor::inspection
