// SPDX-License-Identifier: MIT
#pragma once

#include "actors/observer.hpp"
#include "actors/pinned.hpp"
#include "inspection/thread_table.hpp"
#include "messages/inspection_handles.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parlor::inspection {

/// Sees what the actors of its thread do, and answers for that. Owns a record of
/// each of them. The first actor of its thread, so that it misses none; ends with
/// the process, and nothing depends on its end.
struct watch_state final : public observer {
  using actor_type = watch_actor;
  static constexpr const char* name = "watch";

  /// `loop` and `thread` are those of an I/O thread, or of none.
  watch_state(actor_type::pointer self, event_loop* loop,
              std::optional<uint32_t> thread);
  ~watch_state() override;

  watch_state(const watch_state&) = delete;
  watch_state& operator=(const watch_state&) = delete;

  actor_type::behavior_type make_behavior();

  actors_page list(const actors_query& x);
  actor_trace trace(actor_query x);
  handle_list hand_out(const handles_query& x) const;
  thread_picture paint();
  report inspect(state_query x) const;

  void on_begin(caf::scheduled_actor& who, std::string_view title) override;
  void before(caf::scheduled_actor& who, std::string_view title,
              const caf::mailbox_element& what) override;
  void after() noexcept override;
  void on_end(caf::actor_id who) noexcept override;

  actor_type::pointer self;
  /// Null for CAF's own scheduler.
  event_loop* loop;
  thread_table table;
  /// Whose message is being handled; null where it leaves no trace.
  thread_table::entry* current = nullptr;
  trace_ring::entry message;
  std::chrono::steady_clock::time_point began;
  /// How many actors have begun since it was last seen who is gone.
  uint64_t begun = 0;

private:
  thread_table::entry& enter(caf::scheduled_actor& who, std::string_view title);
};

} // namespace parlor::inspection
