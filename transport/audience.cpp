// SPDX-License-Identifier: MIT
#include "transport/audience.hpp"

#include "transport/url.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace parlor::transport {

namespace {

constexpr std::array<std::string_view, 5> administrative{
  "admin", "api", "debug", "inspect", "metrics"};

bool is_administrative(std::string_view segment) {
  return std::find(administrative.begin(), administrative.end(), segment)
         != administrative.end();
}

/// Whether both pages, or the operator's alone, are made of what is below it.
bool is_of_pages(const std::vector<std::string>& path) {
  return path.size() > 1 && path.front() == "web";
}

} // namespace

bool serves(audience whom, std::string_view target) {
  auto parsed = whom == audience::everybody ? std::nullopt : parse_url(target);
  if (!parsed)
    return true;
  auto& path = parsed->path;
  auto theirs = is_administrative(path.front())
                || (is_of_pages(path) && is_administrative(path[1]));
  if (whom == audience::clients)
    return !theirs;
  return theirs || is_of_pages(path) || path.front() == "health";
}

} // namespace parlor::transport
