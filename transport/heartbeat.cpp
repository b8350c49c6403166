// SPDX-License-Identifier: MIT
#include "transport/heartbeat.hpp"

#include <cstring>
#include <utility>

namespace parlor::transport {

namespace {

/// FIN and opcode of a ping, and the length of what follows.
constexpr char ping_header[] = {char(0x89), 8};

std::string payload_of(heartbeat::time_point when) {
  auto ticks = when.time_since_epoch().count();
  std::string result(sizeof ticks, '\0');
  std::memcpy(result.data(), &ticks, sizeof ticks);
  return result;
}

static_assert(sizeof(heartbeat::time_point::rep) == 8);

} // namespace

/// When it took what stood ahead of the ping is known by the looks alone: where
/// the ping was reached meanwhile, that was perhaps soon after the last one.
void heartbeat::taken(uint64_t upto, time_point now) noexcept {
  if (awaits_ && upto > taken_ && taken_ < awaited_)
    heard_at_ = std::max(heard_at_, upto < awaited_ ? now : looked_at_);
  taken_ = upto;
  looked_at_ = now;
}

std::string heartbeat::ping(time_point now, uint64_t at) {
  pinged_at_ = now;
  if (!std::exchange(awaits_, true))
    awaited_ = at;
  return std::string(ping_header, sizeof ping_header) + payload_of(now);
}

void heartbeat::pong(std::string_view payload, time_point now) {
  if (payload != payload_of(pinged_at_))
    return;
  round_trip_ = std::chrono::duration_cast<std::chrono::microseconds>(
    now - pinged_at_);
}

} // namespace parlor::transport
