// SPDX-License-Identifier: MIT
#include "app/options.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace parlor;
using lines = std::vector<std::string>;

/// What is wrong with options like these.
lines complaints(const lines& args) {
  settings target;
  return configuration{target}.read(args);
}

bool accepts(const std::string& arg) {
  return complaints({arg}).empty();
}

/// The least and the most of each option that is an integer.
const std::map<std::string, std::pair<int64_t, int64_t>> bounds{
  {"server.port", {0, 65535}},
  {"server.threads", {0, 64}},
  {"limits.max-connections", {0, 16777215}},
  {"limits.max-connections-per-user", {1, 1000000000}},
  {"limits.rooms-per-connection", {1, 1000000000}},
  {"limits.members-per-room", {0, 1000000000}},
  {"limits.rooms", {1, 1000000000}},
  {"limits.members-listed", {0, 1000000000}},
  {"limits.members-announced", {0, 1000000000}},
  {"limits.message-bytes", {1, 16777216}},
  {"limits.json-depth", {1, 1000}},
  {"limits.messages-per-second", {0, 1000000}},
  {"limits.message-burst", {0, 1000000}},
  {"limits.errors", {0, 1000000}},
  {"limits.outbox-bytes", {1024, 1073741824}},
  {"limits.outboxes-bytes", {0, 1099511627776}},
  {"history.size", {0, 1000000}},
  {"history.room-bytes", {1024, 1073741824}},
  {"history.total-bytes", {65536, 1099511627776}},
  {"drain.rate", {1, 1000000}},
  {"cluster.port", {1, 65535}}};

bool is_integer(const option& x) {
  return x.takes.find_first_not_of("0123456789 to") == std::string::npos;
}

} // namespace

TEST_CASE("every integer is taken between its bounds and nowhere else") {
  settings target;
  configuration config{target};
  size_t count = 0;
  for (const auto& row : config.all()) {
    if (!is_integer(row))
      continue;
    INFO(row.key);
    ++count;
    auto known = bounds.find(row.key);
    REQUIRE(known != bounds.end());
    auto [least, most] = known->second;
    CHECK(row.takes == std::to_string(least) + " to " + std::to_string(most));
    auto with = [&](int64_t x) {
      return "--" + row.key + '=' + std::to_string(x);
    };
    CHECK_FALSE(accepts(with(least - 1)));
    CHECK(accepts(with(least)));
    CHECK(accepts(with(most)));
    CHECK_FALSE(accepts(with(most + 1)));
  }
  CHECK(count == bounds.size());
}

TEST_CASE("of an option that is given twice the bad one is named") {
  for (lines args : {lines{"--server.port=1", "--server.port=x"},
                     lines{"--server.port=x", "--server.port=1"}}) {
    auto said = complaints(args);
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("--server.port=x: expected 0 to 65535"));
  }
  CHECK(complaints({"--server.port=x", "--server.port=-1"}).size() == 2);
}

TEST_CASE("what nobody can listen at is no host") {
  for (std::string host : {"0.0.0.0", "::", "127.0.0.1", "::1", "10.0.0.1",
                           "2001:db8::1", "::ffff:10.0.0.1", "::ffff:0.0.0.0"})
    CHECK(accepts("--server.host=" + host));
  for (std::string host :
       {"224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1", "FF0E::1",
        "::ffff:224.0.0.1", "fe80::1", "::ffff:255.255.255.255"}) {
    INFO(host);
    CHECK_FALSE(accepts("--server.host=" + host));
    CHECK_FALSE(accepts("--cluster.host=" + host));
  }
}

TEST_CASE("a node's host is one that others can dial") {
  for (std::string host : {"127.0.0.1", "10.0.0.1", "::1", "2001:DB8::1",
                           "::ffff:10.0.0.1", "240.0.0.1", ""})
    CHECK(accepts("--cluster.host=" + host));
  for (std::string host :
       {"0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0", "node-1"}) {
    INFO(host);
    auto said = complaints({"--cluster.host=" + host});
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("--cluster.host=" + host));
    CHECK(said[0].find("of one machine") != std::string::npos);
  }
}

TEST_CASE("peers and endpoints are of one machine each") {
  for (std::string host : {"10.0.0.1", "node-1", "etcd_1.example", "a", "1.a",
                           "[::1]", "[2001:db8::1]", "example."}) {
    INFO(host);
    CHECK(accepts("--cluster.peers=a@" + host + ":5400"));
    CHECK(accepts("--cluster.etcd-endpoints=http://" + host + ":2379"));
  }
  for (std::string host :
       {"0.0.0.0", "[::]", "224.0.0.1", "255.255.255.255", "[ff02::1]",
        "[fe80::1]", "[::ffff:0.0.0.0]", "[1::2::3]", "10.0.0.256", "10.0.0",
        "1", "a..b", ".a", "."}) {
    INFO(host);
    CHECK_FALSE(accepts("--cluster.peers=a@" + host + ":5400"));
    CHECK_FALSE(accepts("--cluster.etcd-endpoints=http://" + host + ":2379"));
  }
}

TEST_CASE("proxies are machines") {
  for (std::string one : {"10.0.0.1", "0.0.0.0/0", "::/0", "2001:db8::/32",
                          "::ffff:10.0.0.1", "fe80::1"})
    CHECK(accepts("--server.trusted-proxies=" + one));
  for (std::string one :
       {"0.0.0.0", "::", "224.0.0.0/4", "ff00::/8", "255.255.255.255"}) {
    INFO(one);
    CHECK_FALSE(accepts("--server.trusted-proxies=" + one));
  }
}
