// SPDX-License-Identifier: MIT
#include "transport/forwarded.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

#include <string>
#include <vector>

using namespace parlor::transport;
using namespace parlor::test;
using boost::asio::ip::make_address;

namespace {

bool holds(std::string_view range, const char* address) {
  auto parsed = network::parse(range);
  REQUIRE(parsed);
  return parsed->contains(make_address(address));
}

/// The address that is believed where 10.0.0.0/8 and ::1 are ours.
std::string client(const char* peer, std::initializer_list<header> headers) {
  std::vector ours{*network::parse("10.0.0.0/8"), *network::parse("::1")};
  auto head = head_of("GET", "/ws", headers);
  return client_address(head, make_address(peer), ours).to_string();
}

constexpr std::string_view by = "X-Forwarded-For";

} // namespace

TEST_CASE("a network holds the addresses with its prefix", "[forwarded]") {
  CHECK(holds("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  CHECK(holds("10.1.2.0/23", "10.1.3.255"));
  CHECK_FALSE(holds("10.1.2.0/23", "10.1.4.0"));
  CHECK(holds("127.0.0.1", "127.0.0.1"));
  CHECK_FALSE(holds("127.0.0.1", "127.0.0.2"));
  CHECK(holds("0.0.0.0/0", "192.0.2.1"));
  CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(holds("::/0", "2001:db8::1"));
  CHECK(holds("::1", "::1"));
  CHECK(holds("10.0.0.0/8", "::ffff:10.0.0.1"));
  CHECK(holds("::ffff:10.0.0.0/8", "10.0.0.1"));
}

TEST_CASE("what is no network is not taken for one", "[forwarded]") {
  for (auto* text : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x",
                     "10.0.0.0/8x", "10.0.0.0/-1", "10.0.0/8", "::/129", "/8",
                     "256.0.0.1", "10.0.0.1 ", "10.0.0.0/8/8", "*"})
    CHECK_FALSE(network::parse(text));
}

TEST_CASE("only a proxy of ours is believed", "[forwarded]") {
  CHECK(client("192.0.2.1", {{by, "198.51.100.1"}}) == "192.0.2.1");
  CHECK(client("10.0.0.1", {{by, "198.51.100.1"}}) == "198.51.100.1");
  CHECK(client("::1", {{by, "2001:db8::1"}}) == "2001:db8::1");
  CHECK(client("10.0.0.1", {}) == "10.0.0.1");
}

TEST_CASE("what a client claims itself is not believed", "[forwarded]") {
  CHECK(client("10.0.0.1", {{by, "127.0.0.1, 198.51.100.1"}})
        == "198.51.100.1");
  CHECK(client("10.0.0.1", {{by, "127.0.0.1"}, {by, "198.51.100.1"}})
        == "198.51.100.1");
  CHECK(client("10.0.0.1", {{by, "10.9.9.9, 198.51.100.1"}}) == "198.51.100.1");
  CHECK(client("10.0.0.1", {{"Forwarded", "for=198.51.100.1"}}) == "10.0.0.1");
}

TEST_CASE("proxies may stand in a row", "[forwarded]") {
  CHECK(client("10.0.0.1", {{by, "1.1.1.1, 198.51.100.1, 10.0.0.3, 10.0.0.2"}})
        == "198.51.100.1");
  CHECK(client("10.0.0.1", {{by, "10.0.0.3,10.0.0.2"}}) == "10.0.0.3");
}

TEST_CASE("ports and brackets are left out", "[forwarded]") {
  CHECK(client("10.0.0.1", {{by, "198.51.100.1:4711"}}) == "198.51.100.1");
  CHECK(client("10.0.0.1", {{by, "[2001:db8::1]:4711"}}) == "2001:db8::1");
  CHECK(client("10.0.0.1", {{by, "[2001:db8::1]"}}) == "2001:db8::1");
  CHECK(client("10.0.0.1", {{by, "::ffff:198.51.100.1"}}) == "198.51.100.1");
}

TEST_CASE("what is no address ends the row", "[forwarded]") {
  for (auto* text : {"unknown", "_hidden", "198.51.100.1, x", "[", "[]", ":",
                     "198.51.100.1:80:80", "1.2.3", "<script>"})
    CHECK(client("10.0.0.1", {{by, text}}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {{by, "unknown, 10.0.0.2"}}) == "10.0.0.2");
}
