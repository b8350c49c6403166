// SPDX-License-Identifier: MIT
#include "cluster/address.hpp"

#include "cluster/etcd/endpoint.hpp"
#include "cluster/node_name.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace parlor;
using cluster::parse_address;
using etcd::parse_endpoint;

TEST_CASE("an address is a host and a port") {
  CHECK(parse_address("10.0.0.1:5400") == cluster::address{"10.0.0.1", 5400});
  CHECK(parse_address("[::1]:1") == cluster::address{"::1", 1});
  CHECK(parse_address("node-1.chat_net:65535")
        == cluster::address{"node-1.chat_net", 65535});
}

TEST_CASE("an address is written as it is read") {
  for (std::string text : {"10.0.0.1:5400", "[2001:db8::1]:80", "a:1"})
    CHECK(to_string(*parse_address(text)) == text);
}

TEST_CASE("what is no address is refused") {
  for (std::string text :
       {"",         ":",      "a",     "a:",     ":1",      "a:0",
        "a:65536",  "a:-1",   "a:+1",  "a:1 ",   " a:1",    "a b:1",
        "a:1:2",    "::1:80", "[]:1",  "[::1]",  "[::1:80", "[a]b:1",
        "[::1]x:1", "a/b:1",  "u@a:1", "a:0x10", "a\n:1"})
    CHECK_FALSE(parse_address(text));
  CHECK_FALSE(parse_address(std::string(254, 'a') + ":1"));
  CHECK_FALSE(parse_address(std::string_view{"a\0:1", 4}));
}

TEST_CASE("an endpoint says whether it wants TLS") {
  CHECK(parse_endpoint("http://127.0.0.1:2379")
        == etcd::endpoint{false, {"127.0.0.1", 2379}});
  CHECK(parse_endpoint("https://etcd.example:1")
        == etcd::endpoint{true, {"etcd.example", 1}});
  for (std::string text : {"http://a:1", "https://[::1]:2"})
    CHECK(to_string(*parse_endpoint(text)) == text);
}

TEST_CASE("what is no endpoint is refused") {
  for (std::string text : {"", "http://", "a:1", "ftp://a:1", "http://a",
                           "http://a:1/", "http://a:1/v3", "http://u:p@a:1",
                           "HTTP://a:1", "http:/a:1", "https://:1"})
    CHECK_FALSE(parse_endpoint(text));
}

TEST_CASE("a node's name has 1 to 64 plain characters") {
  for (std::string name :
       std::vector<std::string>{"a", "A.b_c-9", std::string(64, 'x')})
    CHECK(cluster::is_node_name(name));
  for (std::string name : std::vector<std::string>{"", "a b", "a/b", "\xC3\xB6",
                                                   std::string(65, 'x')})
    CHECK_FALSE(cluster::is_node_name(name));
}

TEST_CASE("IP addresses are told apart by what they are for") {
  using cluster::address_kind;
  using cluster::kind_of;
  for (std::string text : {"10.0.0.1", "::1", "::ffff:10.0.0.1"})
    CHECK(kind_of(text) == address_kind::machine);
  for (std::string text : {"0.0.0.0", "::", "::ffff:0.0.0.0"})
    CHECK(kind_of(text) == address_kind::unspecified);
  for (std::string text :
       {"224.0.0.1", "ff02::1", "255.255.255.255", "::ffff:224.0.0.1"})
    CHECK(kind_of(text) == address_kind::group);
  CHECK(kind_of("fe80::1") == address_kind::link_local);
  for (std::string text : {"", "a", "10.0.0", "10.0.0.256", "[::1]", "1::2::3"})
    CHECK(kind_of(text) == address_kind::none);
}

TEST_CASE("all spellings of an IP address have one form") {
  CHECK(cluster::canonical("2001:DB8:0:0::1") == "2001:db8::1");
  CHECK(cluster::canonical("::FFFF:10.0.0.1") == "::ffff:10.0.0.1");
  CHECK(cluster::canonical("10.0.0.1") == "10.0.0.1");
  CHECK(cluster::canonical("Node-1") == "Node-1");
}
