// SPDX-License-Identifier: MIT
#include "transport/read_queue.hpp"

#include <boost/asio/post.hpp>

#include <exception>

namespace parlor::transport {

void read_queue::end_of_turn(bool give_way) noexcept {
  slice_.renew();
  gives_way_ = give_way;
  spent_ = 0;
  if (waiting_.empty() || posted_)
    return;
  try {
    asio::post(loop_, [this] { go_on(); });
    posted_ = true;
  } catch (const std::exception&) {
    // Out of memory: the end of the next turn tries again.
  }
}

/// Those who ask again meanwhile do so for the next turn.
void read_queue::go_on() noexcept {
  posted_ = false;
  poll_targets now;
  now.swap(waiting_);
  while (!now.empty() && !over()) {
    auto& next = now.front();
    now.pop_front();
    next.on_ready({});
  }
  waiting_.splice(waiting_.begin(), now);
}

} // namespace parlor::transport
