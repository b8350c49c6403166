// SPDX-License-Identifier: MIT
#include "inspection/watch.hpp"

#include "inspection/message_names.hpp"
#include "telemetry/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace parlor::inspection {

namespace {

/// As many actors may begin until it is seen which of the others are gone
/// without having ended on this thread.
constexpr uint64_t looks_after = 4096;

/// The kinds that a node has one actor of: they know many, and few know them.
constexpr std::array<std::string_view, 4> only_ones{"node", "directory",
                                                    "registry", "admin"};

/// Only on the thread that runs the actor. What has ended may not be asked, nor
/// what sleeps: CAF would take it for awake, and never wake it again.
std::optional<uint64_t> depth_of(const caf::weak_actor_ptr& handle) {
  auto strong = caf::actor_cast<caf::strong_actor_ptr>(handle);
  if (!strong)
    return std::nullopt;
  auto* actor = dynamic_cast<caf::scheduled_actor*>(
    caf::actor_cast<caf::abstract_actor*>(strong));
  if (actor == nullptr || actor->getf(caf::abstract_actor::is_terminated_flag))
    return std::nullopt;
  auto& mailbox = actor->mailbox();
  return mailbox.blocked() ? 0 : mailbox.size();
}

} // namespace

watch_state::watch_state(actor_type::pointer self_ptr, event_loop* its_loop,
                         std::optional<uint32_t> its_thread)
  : self{self_ptr}, loop{its_loop}, table{its_thread} {}

watch_state::~watch_state() {
  if (here == this)
    here = nullptr;
}

watch_actor::behavior_type watch_state::make_behavior() {
  here = this;
  on_begin(*self, {});
  return {
    [this](const actors_query& x) { return list(x); },
    [this](actor_query x) { return trace(x); },
    [this](const handles_query& x) { return hand_out(x); },
    [this](picture_query) { return paint(); },
    [this](state_query x) { return inspect(x); },
  };
}

// -- seeing --------------------------------------------------------------------

thread_table::entry& watch_state::enter(caf::scheduled_actor& who,
                                        std::string_view title) {
  return table.enter(who.id(), who.name(), title,
                     caf::actor_cast<caf::weak_actor_ptr>(&who));
}

void watch_state::on_begin(caf::scheduled_actor& who, std::string_view title) {
  if (++begun % looks_after == 0)
    table.look(depth_of);
  enter(who, title);
}

void watch_state::before(caf::scheduled_actor& who, std::string_view title,
                         const caf::mailbox_element& what) {
  current = nullptr;
  auto& entry = enter(who, title);
  if (what.content().match_elements<state_query>())
    return;
  message = {};
  message.at = std::chrono::system_clock::now();
  message.what = table.keep(name_of(what, who.home_system().types()));
  message.sender = what.sender ? what.sender->id() : 0;
  message.sender_kind = table.keep(sender_kind(what));
  current = &entry;
  began = std::chrono::steady_clock::now();
}

void watch_state::after() noexcept {
  if (current == nullptr)
    return;
  message.took = std::chrono::steady_clock::now() - began;
  try {
    table.add(*current, message);
  } catch (const std::exception& x) {
    log::error("message was not traced", {{"problem", x.what()}});
  }
  current = nullptr;
}

void watch_state::on_end(caf::actor_id who) noexcept {
  try {
    table.leave(who);
  } catch (const std::exception&) {
    // It is found gone by the next look.
  }
}

// -- answering -----------------------------------------------------------------

actors_page watch_state::list(const actors_query& x) {
  table.look(depth_of);
  return table.page(x);
}

actor_trace watch_state::trace(actor_query x) {
  table.look(depth_of);
  actor_trace result;
  auto* found = table.find(x.id);
  if (found == nullptr)
    return result;
  result.handle = caf::actor_cast<caf::strong_actor_ptr>(found->handle);
  result.summary = table.summary(x.id, *found);
  for (auto& one : found->recent.all())
    result.messages.push_back({one.at, std::string{one.what}, one.sender,
                               std::string{one.sender_kind}, one.took});
  return result;
}

handle_list watch_state::hand_out(const handles_query& x) const {
  handle_list result;
  auto add = [&](const thread_table::entry& one) {
    auto strong = caf::actor_cast<caf::strong_actor_ptr>(one.handle);
    auto& all = result.handles;
    if (strong && std::find(all.begin(), all.end(), strong) == all.end())
      all.push_back(std::move(strong));
  };
  for (auto id : x.ids)
    if (auto* found = table.find(id))
      add(*found);
  for (auto kind : only_ones)
    for (auto* one : table.of_kind(kind))
      add(*one);
  return result;
}

thread_picture watch_state::paint() {
  table.look(depth_of);
  auto result = table.picture();
  if (loop != nullptr)
    result.wakes = loop->wakes();
  return result;
}

report watch_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  return result.number("actors", table.size());
}

} // namespace parlor::inspection
