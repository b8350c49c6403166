// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/frame_kind.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What is counted for operators (PROTOCOL §5, Metrics): plain integers that
/// the thread they belong to adds to. Every kind of label is a table here, so
/// none of them grows by what a client sends.
namespace parlor {

/// What clients' frames are counted as: the commands in the order of
/// `wire::command`, then what none was made of.
inline constexpr std::array<std::string_view, 14> received_types{
  "join",    "leave", "chat",    "private", "members", "signal",  "presence",
  "history", "hello", "refresh", "rooms",   "ping",    "unknown", "malformed"};

/// Close codes that are counted one by one; whatever else a client closes with
/// is counted as one.
inline constexpr std::array counted_closes{
  close_code::normal,          close_code::going_away,
  close_code::protocol_error,  close_code::unsupported_data,
  close_code::no_status,       close_code::abnormal,
  close_code::bad_payload,     close_code::policy_violation,
  close_code::too_big,         close_code::internal_error,
  close_code::service_restart, close_code::try_again_later,
  close_code::replaced,        close_code::unauthorized,
  close_code::token_expired,   close_code::at_capacity,
  close_code::kicked,          close_code::rate_limited,
  close_code::slow_consumer,   close_code::no_hello};

/// Where a close code is counted: `counted_closes.size()` is all the others.
constexpr size_t index_of(close_code x) noexcept {
  auto found = std::find(counted_closes.begin(), counted_closes.end(), x);
  return static_cast<size_t>(found - counted_closes.begin());
}

/// Why a message did not go on.
enum class drop : uint8_t {
  /// Its receiver was gone when it was to be queued.
  gone,
  /// Its receiver was being closed.
  closing,
  /// A signal or the like, and something waited for its receiver already.
  lagging,
  /// More waits for its receiver than may, which is closed with 4008.
  overflow,
  /// A client's, above its rate.
  rate_limited,
};

inline constexpr std::array<std::string_view, 5> drop_names{
  "gone", "closing", "lagging", "overflow", "rate_limited"};

constexpr size_t index_of(drop x) noexcept {
  return static_cast<size_t>(x);
}

/// How long something took, by steps. A value without a clock.
struct duration_counts {
  using duration = std::chrono::nanoseconds;

  /// The upper bound of each step, in seconds; a time that is longer than all
  /// of them is counted in one step more.
  static constexpr std::array<double, 14> bounds{
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
    0.025,  0.05,    0.1,    0.25,  0.5,    1,     2.5};

  std::array<uint64_t, bounds.size() + 1> steps{};
  duration sum{0};

  void add(duration took) noexcept {
    auto seconds = std::chrono::duration<double>{took}.count();
    auto found = std::lower_bound(bounds.begin(), bounds.end(), seconds);
    ++steps[static_cast<size_t>(found - bounds.begin())];
    sum += took;
  }

  void add(const duration_counts& x) noexcept;
};

/// What one I/O thread has counted since it began. Not thread-safe.
struct thread_counts {
  /// WebSockets, without those of /echo; the closed ones by `index_of`.
  uint64_t opened = 0;
  std::array<uint64_t, counted_closes.size() + 1> closed{};

  /// Messages of clients, by `received_types`.
  std::array<uint64_t, received_types.size()> received{};

  /// Messages that were queued for clients, once for each.
  std::array<uint64_t, frame_kind_names.size()> sent{};

  std::array<uint64_t, drop_names.size()> dropped{};

  /// Bytes of WebSockets, as the kernel gave or took them.
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;

  /// Joins that asked for what they missed, and did not get it, or did.
  std::array<uint64_t, 2> recovers{};

  /// From a room's numbering of a message to the end of the turn in which this
  /// thread has handed it to the kernel, for all of the thread's members.
  duration_counts fanout;

  /// Memory that outboxes hold now for sockets that did not take it.
  uint64_t outbox_bytes = 0;

  void add(const thread_counts& x) noexcept;
};

} // namespace parlor
