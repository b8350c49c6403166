// SPDX-License-Identifier: MIT
#include "cluster/etcd/etcd_roster.hpp"
#include "tests/cluster/node/arguments.hpp"
#include "tests/cluster/node/teller.hpp"

#include "telemetry/log.hpp"

#include <cstdio>
#include <iostream>
#include <string>
#include <utility>

namespace {

using namespace parlor;
using namespace parlor::test;

etcd::roster_options roster_of(const arguments& x) {
  etcd::roster_options result;
  for (const auto& text : x.all("etcd"))
    if (auto one = etcd::parse_endpoint(text))
      result.endpoints.push_back(*one);
  result.tls = {x.one("etcd-ca", ""), x.one("etcd-certificate", ""),
                x.one("etcd-key", "")};
  result.prefix = x.one("prefix", "/parlor");
  result.ttl = std::chrono::seconds{std::stoi(x.one("ttl", "2"))};
  result.self = {node_id{x.one("id", "a")},
                 {},
                 x.one("address", "127.0.0.1:5400"),
                 1,
                 node_state::active};
  return result;
}

/// Does what the lines of stdin say.
void obey(roster& who, teller& said) {
  for (std::string line; std::getline(std::cin, line);) {
    auto blank = line.find(' ');
    auto verb = line.substr(0, blank);
    auto rest = blank == line.npos ? "" : line.substr(blank + 1);
    if (verb == "quit")
      break;
    if (verb == "drain")
      who.set_state(node_state::draining);
    else if (verb == "activate")
      who.set_state(node_state::active);
    else if (verb == "evict")
      who.evict(said.known(node_id{rest}));
    else if (verb == "lease")
      said.tell_lease(who.lease());
    else
      std::fprintf(stderr, "no such command: %s\n", line.c_str());
  }
}

} // namespace

int main(int argc, char** argv) {
  arguments args{argc, argv};
  log::start({log::level::debug, log::format::json});
  teller said;
  int code = 0;
  auto made = etcd::etcd_roster::make(roster_of(args), said);
  if (auto* problem = std::get_if<std::string>(&made)) {
    std::fprintf(stderr, "%s\n", problem->c_str());
    code = 2;
  } else {
    obey(*std::get<0>(made), said);
    made = std::string{};
  }
  log::stop();
  return code;
}
