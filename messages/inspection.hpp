// SPDX-License-Identifier: MIT
#pragma once

#include "messages/events.hpp"
#include "messages/limits.hpp"
#include "messages/ports.hpp"
#include "messages/report.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the inspector's actors say to each other. Debug builds alone have such
/// actors; nothing here ever leaves the process.
namespace parlor {

/// Messages that are remembered of each actor.
constexpr size_t traced_messages = 64;

/// An actor of any kind, as lists show it.
struct actor_summary {
  uint64_t id = 0;
  std::string kind = {};
  /// Which one of its kind: a room's name, a connection's user; or empty.
  std::string title = {};
  /// The I/O thread; none for CAF's own scheduler.
  std::optional<uint32_t> thread = {};
  /// Messages that wait for it.
  uint64_t mailbox = 0;
  /// Messages that it has handled, and how long that took in all.
  uint64_t handled = 0;
  std::chrono::nanoseconds busy{0};
};

/// What comes first in a list of actors.
enum class actors_order : uint8_t {
  /// The smallest id; the only order that has pages.
  id,
  /// The fullest mailbox.
  mailbox,
  /// The most time in handlers.
  busy,
  /// The most messages.
  handled,
};

/// Asks for one page of actors.
struct actors_query {
  /// Empty is any.
  std::string kind = {};
  /// Part of the title, whatever its case in ASCII, or the id; empty is any.
  std::string search = {};
  /// Of any thread where it is none.
  std::optional<uint32_t> thread = {};
  actors_order order = actors_order::id;
  /// Ids from here on are left out.
  uint64_t after = 0;
  uint64_t limit = default_page;
};

/// A page of the actors of one thread, or of all.
struct actors_page {
  /// How many there are that fit, on all pages.
  uint64_t total = 0;
  std::vector<actor_summary> actors = {};
  /// Whether actors follow that fit.
  bool more = false;
  /// Whether a thread did not answer in time.
  bool complete = true;
};

/// One message that an actor has handled.
struct traced_message {
  event::timestamp at{};
  /// The types in it, and the atoms; never what they hold.
  std::string what = {};
  /// 0 where no actor sent it: a socket, say, or the main thread.
  uint64_t sender = 0;
  std::string sender_kind = {};
  /// How long the handler took.
  std::chrono::nanoseconds took{0};
};

/// Asks a thread for one of its actors.
struct actor_query {
  uint64_t id = 0;
};

/// What a thread knows of one actor.
struct actor_trace {
  /// Null where it is none of the thread's.
  caf::strong_actor_ptr handle = {};
  actor_summary summary = {};
  /// Oldest first.
  std::vector<traced_message> messages = {};
};

/// Asks a thread which of these actors are its own.
struct handles_query {
  std::vector<uint64_t> ids;
};

/// Those, and whoever there is one of on a node, to ask them something.
struct handle_list {
  std::vector<caf::strong_actor_ptr> handles = {};
};

/// All that is known of one actor.
struct actor_detail {
  actor_trace trace = {};
  /// What it said of itself; none where it did not answer in time.
  std::optional<report> state = {};
  /// Actors that say they have a link to it: `actor` is who says so.
  std::vector<actor_link> linked_from = {};
};

/// The actors of one kind on one thread.
struct kind_summary {
  std::string kind = {};
  uint64_t actors = 0;
  uint64_t mailbox = 0;
  uint64_t handled = 0;
  std::chrono::nanoseconds busy{0};
};

/// Messages from actors of one kind to those of another, on the receivers'
/// thread.
struct flow {
  /// Empty where no actor sent them.
  std::string from = {};
  std::string to = {};
  /// Whether the senders live on the same thread.
  bool local = false;
  uint64_t messages = 0;
};

/// One thread at one moment; the counters go on from its start.
struct thread_picture {
  /// None for CAF's own scheduler.
  std::optional<uint32_t> thread = {};
  /// Whether it did not answer in time: then the rest is empty.
  bool silent = false;
  /// How often another thread has woken it.
  uint64_t wakes = 0;
  /// By kind.
  std::vector<kind_summary> kinds = {};
  std::vector<flow> flows = {};
};

/// Asks for the picture of a thread, or of all.
struct picture_query {};

/// The whole actor system at one moment.
struct picture {
  event::timestamp at{};
  std::string node = {};
  std::string version = {};
  std::vector<thread_picture> threads = {};
};

/// A GET of /debug whose caller was found entitled to it: its target as it was
/// sent, and where the answer goes.
struct debug_request {
  std::string target;
  std::shared_ptr<api_answerer> reply;
};

/// What one viewer has in view.
struct view_query {
  bool picture = false;
  std::optional<actors_query> list = {};
  /// 0 is none.
  uint64_t actor = 0;
  /// The viewer's number of this view, which its updates bear.
  uint64_t serial = 0;
};

/// The answer, as JSON.
struct view_update {
  std::string json;
};

} // namespace parlor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::actors_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::actors_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::actor_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::actor_trace)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::handles_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::handle_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::thread_picture)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::picture_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::debug_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::view_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::view_update)
