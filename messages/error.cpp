// SPDX-License-Identifier: MIT
#include "messages/error.hpp"

#include "messages/limits.hpp"

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <array>

namespace parlor {

namespace {

constexpr auto ec_category = caf::atom("parlor");
constexpr auto farewell_category = caf::atom("farewell");

constexpr std::array<std::string_view, 15> ec_names{
  "none",         "bad_json",       "bad_request",  "unknown_type",
  "unauthorized", "forbidden",      "not_in_room",  "user_offline",
  "room_full",    "limit_exceeded", "rate_limited", "too_large",
  "timeout",      "unavailable",    "internal"};

constexpr std::array<std::string_view, 5> departure_names{
  "left", "closed", "timeout", "node_down", "kicked"};

} // namespace

std::string_view to_string(ec x) noexcept {
  return ec_names[static_cast<size_t>(x)];
}

caf::error make_error(ec x) {
  return {static_cast<uint8_t>(x), ec_category};
}

ec to_ec(const caf::error& x) noexcept {
  if (!x)
    return ec::none;
  return x.category() == ec_category ? static_cast<ec>(x.code())
                                     : ec::unavailable;
}

bool retryable(ec x) noexcept {
  switch (x) {
    case ec::room_full:
    case ec::limit_exceeded:
    case ec::rate_limited:
    case ec::timeout:
    case ec::unavailable:
    case ec::internal:
      return true;
    default:
      return false;
  }
}

bool reconnects(close_code x) noexcept {
  switch (x) {
    case close_code::going_away:
    case close_code::abnormal:
    case close_code::internal_error:
    case close_code::service_restart:
    case close_code::try_again_later:
    case close_code::token_expired:
    case close_code::at_capacity:
    case close_code::rate_limited:
    case close_code::slow_consumer:
    case close_code::no_hello:
      return true;
    default:
      return false;
  }
}

std::chrono::milliseconds return_of(connection_id who) noexcept {
  // Fibonacci hashing: ids that follow each other are far apart, in 1,024 ms.
  constexpr uint64_t golden_ratio = 0x9E37'79B9'7F4A'7C15;
  return first_return
         + std::chrono::milliseconds{who.value() * golden_ratio >> 54};
}

std::string_view to_string(departure x) noexcept {
  return departure_names[static_cast<size_t>(x)];
}

std::string_view verdict(close_code x) noexcept {
  switch (x) {
    case close_code::normal:
      return "clean close";
    case close_code::going_away:
      return "client navigated away";
    case close_code::abnormal:
      return "abnormal close";
    default:
      return "disconnect";
  }
}

caf::error make_exit(const farewell& x) {
  // 0 would mean "no error" to CAF.
  auto code = static_cast<uint8_t>(static_cast<uint8_t>(x.why) + 1);
  return {code, farewell_category,
          caf::make_message(static_cast<uint16_t>(x.code), x.reason)};
}

farewell to_farewell(const caf::error& reason) {
  if (!reason || reason.category() != farewell_category
      || !reason.context().match_elements<uint16_t, std::string>())
    return {close_code::internal_error, "internal error", departure::closed};
  return {static_cast<close_code>(reason.context().get_as<uint16_t>(0)),
          reason.context().get_as<std::string>(1),
          static_cast<departure>(reason.code() - 1)};
}

} // namespace parlor
