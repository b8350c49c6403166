// SPDX-License-Identifier: MIT
#include "telemetry/repeats.hpp"

#include <functional>

namespace parlor::log {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

} // namespace

std::string_view repeats::place::name() const noexcept {
  auto* data = event.load(std::memory_order_acquire);
  return data != nullptr ? std::string_view{data, size} : std::string_view{};
}

bool repeats::place::admit(uint32_t period) noexcept {
  auto seen = admitted.load(relaxed);
  for (;;) {
    // A thread whose clock is of the period before is in the later one, too.
    auto begun = static_cast<int32_t>(period - (seen >> 32)) > 0;
    auto lines = begun ? 0 : static_cast<uint32_t>(seen);
    if (lines >= most_repeats) {
      left_out.fetch_add(1, relaxed);
      return false;
    }
    auto next = begun ? uint64_t{period} << 32 | 1 : seen + 1;
    if (admitted.compare_exchange_weak(seen, next, relaxed))
      return true;
  }
}

/// Null where there is no place, or where another thread is just taking it: then
/// one line more is written.
repeats::place* repeats::find(level severity, std::string_view event) noexcept {
  auto first = std::hash<std::string_view>{}(event);
  for (size_t i = 0; i < places; ++i) {
    auto& x = places_[(first + i) % places];
    if (auto name = x.name(); name.data() != nullptr) {
      if (name == event)
        return &x;
      continue;
    }
    if (x.claimed.exchange(true))
      return nullptr;
    x.size = event.size();
    x.severity = severity;
    x.event.store(event.data(), std::memory_order_release);
    return &x;
  }
  return nullptr;
}

bool repeats::admit(level severity, std::string_view event,
                    time_point now) noexcept {
  auto* found = find(severity, event);
  return found == nullptr
         || found->admit(
           static_cast<uint32_t>(now.time_since_epoch() / period_));
}

std::vector<repeats::left_out> repeats::take() {
  std::vector<left_out> result;
  for (auto& x : places_)
    if (auto name = x.name(); name.data() != nullptr)
      if (auto lines = x.left_out.exchange(0, relaxed); lines > 0)
        result.push_back({name, x.severity, lines});
  return result;
}

} // namespace parlor::log
