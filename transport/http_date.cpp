// SPDX-License-Identifier: MIT
#include "transport/http_date.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace parlor::transport {

std::string http_date(std::chrono::system_clock::time_point when) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed",
                                   "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto seconds = std::chrono::system_clock::to_time_t(when);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> text;
  auto size = std::snprintf(
    text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
    days[static_cast<size_t>(parts.tm_wday)], parts.tm_mday,
    months[static_cast<size_t>(parts.tm_mon)], parts.tm_year + 1900,
    parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<size_t>(size)};
}

} // namespace parlor::transport
