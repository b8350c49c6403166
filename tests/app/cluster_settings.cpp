// SPDX-License-Identifier: MIT
#include "app/cluster_settings.hpp"

#include "cluster/version.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace parlor;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

/// A node of a cluster that etcd decides on.
cluster_settings by_etcd() {
  cluster_settings x;
  x.node = "a";
  x.provider = cluster_provider::etcd;
  x.host = "10.0.0.1";
  x.ca_file = "/ca";
  x.certificate_file = "/crt";
  x.key_file = "/key";
  x.etcd_endpoints = {"http://10.0.0.9:2379", "https://etcd.example:1"};
  return x;
}

/// A node of a cluster on the loopback.
cluster_settings by_list() {
  cluster_settings x;
  x.node = "b";
  x.provider = cluster_provider::fixed;
  x.host = "127.0.0.2";
  x.peers = {"a@127.0.0.1:5400", "b@127.0.0.2:5400"};
  x.insecure_loopback = true;
  return x;
}

/// The only complaint.
std::string complaint(const cluster_settings& x) {
  auto all = complaints_of(x);
  REQUIRE(all.size() == 1);
  return all.front();
}

} // namespace

TEST_CASE("there is nothing to complain of in a whole cluster, or none") {
  CHECK(complaints_of(cluster_settings{}) == lines{});
  CHECK(complaints_of(by_etcd()) == lines{});
  CHECK(complaints_of(by_list()) == lines{});
}

TEST_CASE("where there is no cluster nothing speaks of one") {
  cluster_settings x;
  x.host = "10.0.0.1";
  CHECK(complaint(x).starts_with("cluster.provider is missing"));
  x = {};
  x.peers = {"a@10.0.0.1:5400"};
  CHECK(complaint(x).starts_with("cluster.provider is missing"));
  x = {};
  x.etcd_endpoints = {"http://10.0.0.1:2379"};
  CHECK(complaint(x).starts_with("cluster.provider is missing"));
}

TEST_CASE("a node of a cluster has a name and an address") {
  auto x = by_etcd();
  x.node = "local";
  CHECK(complaint(x).starts_with("cluster.node is missing"));
  x = by_etcd();
  x.host = "";
  CHECK(complaint(x).starts_with("cluster.host is missing"));
}

TEST_CASE("certificates are whole, or nobody else can reach the nodes") {
  for (auto file :
       {&cluster_settings::ca_file, &cluster_settings::certificate_file,
        &cluster_settings::key_file}) {
    auto x = by_etcd();
    (x.*file).clear();
    CHECK(complaint(x).find("belong together") != std::string::npos);
  }
  for (std::string host : {"10.0.0.1", "0.0.0.0", "::1"}) {
    auto x = by_list();
    x.host = host;
    x.peers = {"b@" + address_of(x)};
    CHECK(complaint(x).starts_with("openssl.cafile is missing"));
  }
  auto x = by_list();
  x.insecure_loopback = false;
  CHECK(complaint(x).starts_with("openssl.cafile is missing"));
}

TEST_CASE("etcd has endpoints, and a certificate comes with its key") {
  auto x = by_etcd();
  x.etcd_endpoints.clear();
  CHECK(complaint(x).starts_with("cluster.etcd-endpoints is missing"));
  x = by_etcd();
  x.etcd_certificate_file = "/crt";
  CHECK(complaint(x).find("belong together") != std::string::npos);
  x.etcd_key_file = "/key";
  CHECK(complaints_of(x) == lines{});
}

TEST_CASE("a list of nodes has each of them once, and this one") {
  auto x = by_list();
  x.peers.push_back("a@127.0.0.3:5400");
  CHECK(complaint(x) == "cluster.peers has a twice");
  x = by_list();
  x.peers.pop_back();
  CHECK(complaint(x).starts_with("cluster.peers must have this node"));
  x = by_list();
  x.port = 5401;
  CHECK(complaint(x).starts_with("cluster.peers must have this node"));
  x = by_list();
  x.peers.push_back("c@127.0.0.1:5400");
  CHECK(complaint(x) == "cluster.peers has two nodes at 127.0.0.1:5400");
}

TEST_CASE("addresses are the same in any spelling") {
  auto x = by_list();
  x.insecure_loopback = false;
  x.ca_file = x.certificate_file = x.key_file = "/file";
  x.host = "2001:DB8:0::1";
  x.peers = {"a@[2001:db8::2]:5400", "b@[2001:db8::1]:5400"};
  CHECK(complaints_of(x) == lines{});
  CHECK(address_of(x) == "[2001:db8::1]:5400");
  x.peers.push_back("c@[2001:DB8::2]:5400");
  CHECK(complaint(x) == "cluster.peers has two nodes at [2001:db8::2]:5400");
}

TEST_CASE("files that nothing reads are refused") {
  cluster_settings x;
  x.ca_file = "/ca";
  CHECK(complaint(x).starts_with("cluster.provider is missing"));
  x = {};
  x.etcd_key_file = "/key";
  CHECK(complaint(x).starts_with("cluster.provider is missing"));
  x = by_etcd();
  x.etcd_endpoints = {"http://10.0.0.9:2379"};
  CHECK(complaints_of(x) == lines{});
  x.etcd_ca_file = "/ca";
  CHECK(complaint(x).find("cluster.etcd-endpoints has none")
        != std::string::npos);
}

TEST_CASE("a named address is a node's name and an address") {
  CHECK(is_named_address("a@10.0.0.1:5400"));
  CHECK(is_named_address("a.b-c@[::1]:1"));
  for (std::string text : {"", "a", "@10.0.0.1:1", "a@", "a@10.0.0.1",
                           "a b@10.0.0.1:1", "a@b@10.0.0.1:1"})
    CHECK_FALSE(is_named_address(text));
}

TEST_CASE("what is configured is what roster and gate are told") {
  auto x = by_etcd();
  x.ttl = 2500ms;
  x.etcd_ca_file = "/e.ca";
  auto roster = roster_options_of(x);
  REQUIRE(roster.endpoints.size() == 2);
  CHECK(to_string(roster.endpoints[1]) == "https://etcd.example:1");
  CHECK(roster.tls == nullptr);
  CHECK(roster.prefix == "/parlor");
  // Whole seconds, and never less than was asked for.
  CHECK(roster.ttl == 3s);
  CHECK(roster.self
        == member{node_id{"a"},
                  {},
                  "10.0.0.1:5400",
                  cluster::wire_version,
                  member_state::active});
  auto gate = gate_options_of(x);
  CHECK(to_string(gate.at) == "10.0.0.1:5400");
  CHECK(gate.tls == nullptr);
  CHECK_FALSE(gate.insecure_loopback);
  CHECK(gate_options_of(by_list()).insecure_loopback);
}

TEST_CASE("a fixed cluster has its list, and a node without one itself") {
  auto all = members_of(by_list());
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == node_id{"a"});
  CHECK(all[1].address == "127.0.0.2:5400");
  auto alone = members_of(cluster_settings{});
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].id == node_id{"local"});
}
