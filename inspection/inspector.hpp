// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "messages/inspection_handles.hpp"

#include <caf/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace parlor::inspection {

/// How the inspector is started.
struct inspector_options {
  const environment* env = nullptr;
  /// One for each I/O thread, in their order, and that of CAF's scheduler.
  std::vector<watch_actor> watches;
};

/// Answers requests and viewers by asking the watches, and actors for their own
/// state; who is silent is not waited for longer than `admin_patience`. Owns
/// nothing. Runs on CAF's own scheduler, so that it answers where an I/O thread
/// hangs; ends with the process, and nothing depends on it.
struct inspector_state {
  using actor_type = inspector_actor;
  static constexpr const char* name = "inspector";

  inspector_state(actor_type::pointer self, inspector_options options);

  actor_type::behavior_type make_behavior();

  void handle_request(const debug_request& x);
  caf::result<view_update> handle_view(const view_query& x);
  report inspect(state_query x) const;

  actor_type::pointer self;
  inspector_options options;
  /// How often something was asked for.
  uint64_t asked = 0;

private:
  template <class T>
  using then = std::function<void(T)>;

  void paint(then<picture> show);
  void list(const actors_query& x, then<actors_page> show);
  void look_at(actor_query x, then<std::optional<actor_detail>> show);
  void find_links(actor_detail so_far, then<std::optional<actor_detail>> show);
  void show_view(const view_query& x, then<std::string> show);
};

} // namespace parlor::inspection
