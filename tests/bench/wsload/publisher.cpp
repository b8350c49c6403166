// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/publisher.hpp"

#include "tests/bench/wsload/time.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace parlor::bench::wsload {

publisher::publisher(state& st, links& wire)
  : st_(st),
    wire_(wire),
    by_rate_(st.opts.rate > 0),
    by_all_(!st.pingpong && !by_rate_ && st.opts.window_by == "all") {
  // nop
}

void publisher::publish(client& c, uint32_t count, uint64_t sent_at) {
  while (count > 0) {
    const auto batch = std::min(count, st_.opts.batch_max);
    frames_.clear();
    for (uint32_t i = 0; i < batch; ++i) {
      text_.clear();
      st_.says.publish.render(text_, st_.opts.stamp_marker,
                              {c.id + st_.opts.id_base,
                               c.room,
                               c.peer,
                               {sent_at, c.publisher, c.seq++}});
      append_frame(frames_, wire_.data_opcode(), text_);
    }
    st_.count.published += batch;
    ++st_.count.publish_sends;
    if (!st_.rooms.empty())
      st_.rooms[c.room].published += batch;
    if (!wire_.send(c, frames_))
      return;
    count -= batch;
  }
}

void publisher::start() {
  st_.publishing = true;
  if (by_rate_) {
    interval_ = 1e9 / st_.opts.rate;
    next_ = now();
  } else if (by_all_) {
    for (uint32_t room = 0; room < st_.opts.rooms; ++room)
      fill_window(room);
  } else {
    // In a pair, one begins and the other answers.
    const size_t step = st_.pingpong ? 2 : 1;
    for (size_t i = 0; i < st_.publishers.size(); i += step)
      if (auto& c = st_.clients[st_.publishers[i]]; c.fd >= 0)
        publish(c, st_.opts.window, now());
  }
}

void publisher::after_read(client& c, uint32_t deliveries) {
  const auto returned = std::exchange(c.returned, 0);
  if (!st_.publishing || by_rate_ || by_all_)
    return;
  if (const auto count = st_.pingpong ? deliveries : returned; count > 0)
    publish(c, count, now());
}

void publisher::tick() {
  if (!st_.publishing || !by_rate_)
    return;
  for (const auto time = now(); next_ <= time;) {
    auto& c = st_.publisher(turn_);
    turn_ = (turn_ + 1) % static_cast<uint32_t>(st_.publishers.size());
    if (c.state == phase::open) {
      if (st_.recording)
        st_.send_lag.add(time - next_);
      // The intended time: what was late counts as latency.
      publish(c, 1, next_);
    }
    fraction_ += interval_;
    const auto whole = static_cast<uint64_t>(fraction_);
    fraction_ -= static_cast<double>(whole);
    next_ += whole;
  }
}

uint64_t publisher::next_tick() const {
  return st_.publishing && by_rate_ ? next_
                                    : std::numeric_limits<uint64_t>::max();
}

void publisher::fill_window(uint32_t room) {
  if (!st_.publishing || !by_all_)
    return;
  auto& progress = st_.rooms[room];
  const auto done = progress.delivered / st_.opts.members;
  if (progress.published >= done + st_.opts.window)
    return;
  auto missing = static_cast<uint32_t>(done + st_.opts.window
                                       - progress.published);
  const auto share = (missing + st_.opts.publishers - 1) / st_.opts.publishers;
  while (missing > 0) {
    const auto count = std::min(missing, share);
    const auto first = room * st_.opts.publishers;
    publish(st_.publisher(first + progress.turn), count, now());
    progress.turn = (progress.turn + 1) % st_.opts.publishers;
    missing -= count;
  }
}

} // namespace parlor::bench::wsload
