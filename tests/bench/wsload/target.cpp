// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/target.hpp"

#include <arpa/inet.h>

#include <cstdlib>
#include <string_view>

namespace parlor::bench::wsload {

namespace {

constexpr std::string_view scheme = "ws://";

bool is_loopback(const in_addr& address) {
  return ntohl(address.s_addr) >> 24 == 127;
}

} // namespace

target make_target(const options& opts) {
  if (!opts.url.starts_with(scheme))
    throw usage_error("only ws:// urls");
  target result{};
  const auto rest = opts.url.substr(scheme.size());
  const auto slash = rest.find('/');
  const auto authority = rest.substr(0, slash);
  const auto colon = authority.find(':');
  result.path = slash == std::string::npos ? "/" : rest.substr(slash);
  result.host = authority.substr(0, colon);
  result.port = colon == std::string::npos ? "80" : authority.substr(colon + 1);
  const auto port = std::strtoul(result.port.c_str(), nullptr, 10);
  result.address.sin_family = AF_INET;
  result.address.sin_port = htons(static_cast<uint16_t>(port));
  auto& address = result.address.sin_addr;
  if (inet_pton(AF_INET, result.host.c_str(), &address) != 1
      || !is_loopback(address))
    throw usage_error("this tool only talks to 127.0.0.0/8");
  for (const auto& source : opts.sources)
    if (inet_pton(AF_INET, source.c_str(), &result.sources.emplace_back()) != 1)
      throw usage_error("bad --src");
  return result;
}

} // namespace parlor::bench::wsload
