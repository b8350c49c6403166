// SPDX-License-Identifier: MIT
#include "app/options.hpp"
#include "app/options_section.hpp"
#include "app/options_system.hpp"
#include "cluster/address.hpp"
#include "cluster/etcd/endpoint.hpp"
#include "cluster/node_name.hpp"

#include <array>
#include <chrono>

namespace parlor {

namespace {

constexpr std::array<std::string_view, 3> provider_names{"none", "static",
                                                         "etcd"};
constexpr std::array providers{cluster_provider::none, cluster_provider::fixed,
                               cluster_provider::etcd};

bool is_name(const std::string& x) {
  return cluster::is_node_name(x);
}

/// What others dial cannot be any address, or that of many.
constexpr auto one_machine = " of one machine: not 0.0.0.0, ::, multicast, "
                             "broadcast or link-local";

/// It is listened on.
bool is_own_host(const std::string& x) {
  return x.empty()
         || (is_address(x)
             && cluster::kind_of(x) == cluster::address_kind::machine);
}

bool is_endpoint(const std::string& x) {
  auto read = etcd::parse_endpoint(x);
  return read && cluster::is_reachable(read->at.host);
}

/// The beginning of keys, with a slash before it and none behind it.
bool is_prefix(const std::string& x) {
  constexpr size_t longest = 255;
  return x.size() > 1 && x.size() <= longest && x.front() == '/'
         && x.back() != '/'
         && x.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")
              == x.npos;
}

} // namespace

void configuration::add_cluster(cluster_settings& x) {
  section("cluster")
    .text(x.node, "node", "1 to 64 of A-Z a-z 0-9 . _ -", is_name,
          "This node's name, of its own in a cluster.")
    .choice<cluster_provider>(
      x.provider, "provider", provider_names, providers,
      "What decides who is in: nothing, the list of peers, or etcd.")
    .text(x.host, "host", "an IP address", is_own_host,
          "Where this node listens for others, and they dial it.")
    .hint(one_machine)
    .integer(x.port, "port", 1, 65535, "The port for other nodes.")
    .list(x.peers, "peers", "a list like a@10.0.0.1:5400", is_named_address,
          "All nodes of a static cluster, this one included.")
    .hint(one_machine)
    .flag(x.insecure_loopback, "insecure-loopback",
          "Do without certificates where all nodes are in 127.0.0.0/8.");
  section("openssl")
    .path(x.ca_file, "cafile",
          "The authority that signs the nodes' certificates only, in PEM.")
    .path(x.certificate_file, "certificate",
          "This node's certificate for other nodes with its chain, in PEM.")
    .path(x.key_file, "key", "The key of that certificate, in PEM.");
}

void configuration::add_etcd(cluster_settings& x) {
  section("cluster")
    .list(x.etcd_endpoints, "etcd-endpoints",
          "a list like http://10.0.0.1:2379", is_endpoint,
          "Members of etcd; the next one is asked where one fails.")
    .hint(one_machine)
    .text(x.prefix, "prefix", "a path like /parlor", is_prefix,
          "Begins the keys of this cluster.")
    .duration(x.ttl, "ttl", "A node that is silent for so long is out.",
              std::chrono::seconds{2}, std::chrono::minutes{10})
    .path(x.etcd_ca_file, "etcd-ca-file",
          "Who may sign etcd's certificate; empty is the system's list.")
    .path(x.etcd_certificate_file, "etcd-certificate-file",
          "This node's certificate for etcd, where that wants one.")
    .path(x.etcd_key_file, "etcd-key-file", "The key of that certificate.");
}

} // namespace parlor
