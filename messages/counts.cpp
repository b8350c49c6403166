// SPDX-License-Identifier: MIT
#include "messages/counts.hpp"

#include <functional>

namespace parlor {

namespace {

template <size_t Size>
void add_each(std::array<uint64_t, Size>& to,
              const std::array<uint64_t, Size>& from) {
  std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus{});
}

} // namespace

void duration_counts::add(const duration_counts& x) noexcept {
  add_each(steps, x.steps);
  sum += x.sum;
}

void thread_counts::add(const thread_counts& x) noexcept {
  opened += x.opened;
  add_each(closed, x.closed);
  add_each(received, x.received);
  add_each(sent, x.sent);
  add_each(dropped, x.dropped);
  bytes_received += x.bytes_received;
  bytes_sent += x.bytes_sent;
  add_each(recovers, x.recovers);
  fanout.add(x.fanout);
  outbox_bytes += x.outbox_bytes;
}

} // namespace parlor
