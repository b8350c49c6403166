// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/causality.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace parlor::explore {

/// Messages keep their order from one sender to one receiver, but urgent ones
/// (an actor's end) pass others.
struct channel {
  size_t from = 0;
  size_t to = 0;
  bool urgent = false;

  friend auto operator<=>(const channel&, const channel&) = default;
};

/// A message that was sent and did not arrive yet.
struct letter {
  caf::mailbox_element_ptr what;
  /// Keeps it, as a message in its mailbox would.
  caf::strong_actor_ptr to;
  /// Which step of the run sent it.
  size_t sent_by = 0;
  /// The same as others may know of it.
  moment sent = {};
};

/// Whether a message reaches their receiver before another. Inside a process to
/// send is to put into the mailbox, so whatever led to a message is there before
/// it, whoever sent it.
inline bool precedes(const channel& x, const moment& sent, const channel& y,
                     const moment& y_sent) {
  return sent.led_to(y_sent) && (x.urgent || !y.urgent);
}

/// All that is on its way. Between two steps every mailbox is empty, so that
/// the explorer alone says what arrives next.
using mail = std::map<channel, std::deque<letter>>;

/// Takes everything out of an actor's mailbox, calling `take(urgent, element)`.
/// The actor is about to run.
template <class F>
void empty_mailbox(caf::scheduled_actor& x, F take) {
  auto& box = x.mailbox();
  if (box.blocked() || box.closed())
    return;
  box.fetch_more();
  auto& queues = box.queue().queues();
  auto empty = [&](auto& queue, bool urgent) {
    while (auto element = queue.take_front())
      take(urgent, std::move(element));
  };
  empty(std::get<caf::scheduled_actor::urgent_queue_index>(queues), true);
  empty(std::get<caf::scheduled_actor::normal_queue_index>(queues), false);
}

} // namespace parlor::explore
