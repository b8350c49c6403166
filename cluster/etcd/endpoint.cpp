// SPDX-License-Identifier: MIT
#include "cluster/etcd/endpoint.hpp"

namespace parlor::etcd {

namespace {

constexpr std::string_view plain = "http://";
constexpr std::string_view secure = "https://";

} // namespace

std::optional<endpoint> parse_endpoint(std::string_view text) {
  auto tls = text.starts_with(secure);
  if (!tls && !text.starts_with(plain))
    return std::nullopt;
  auto at = cluster::parse_address(
    text.substr(tls ? secure.size() : plain.size()));
  if (!at)
    return std::nullopt;
  return endpoint{tls, *std::move(at)};
}

std::string to_string(const endpoint& x) {
  return std::string{x.tls ? secure : plain} + to_string(x.at);
}

} // namespace parlor::etcd
