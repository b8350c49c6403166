// SPDX-License-Identifier: MIT
#include "app/cluster_settings.hpp"

#include "app/options_system.hpp"
#include "cluster/address.hpp"
#include "cluster/node_name.hpp"
#include "cluster/version.hpp"

#include <algorithm>
#include <set>

namespace parlor {

namespace {

using lines = std::vector<std::string>;

/// Within 127.0.0.0/8: what CAF calls a loopback of version 6 is not meant.
bool is_loopback_v4(const std::string& host) {
  return host.starts_with("127.") && is_loopback(host);
}

member to_member(const std::string& id, const std::string& address) {
  return {node_id{id}, {}, address, cluster::wire_version, member_state::active};
}

member to_member(const std::string& named) {
  auto sign = named.find('@');
  return to_member(named.substr(0, sign), named.substr(sign + 1));
}

lines complaints_of_certificates(const cluster_settings& x) {
  auto some = !x.ca_file.empty() || !x.certificate_file.empty()
              || !x.key_file.empty();
  auto all = !x.ca_file.empty() && !x.certificate_file.empty()
             && !x.key_file.empty();
  if (some && !all)
    return {"openssl.cafile, openssl.certificate and openssl.key belong "
            "together: set all of them or none"};
  if (!some && !(x.insecure_loopback && is_loopback_v4(x.host)))
    return {"openssl.cafile is missing: nodes show each other certificates, "
            "unless all are within 127.0.0.0/8 and "
            "cluster.insecure-loopback allows that"};
  return {};
}

lines complaints_of_etcd(const cluster_settings& x) {
  lines result;
  if (x.etcd_endpoints.empty())
    result.push_back("cluster.etcd-endpoints is missing: cluster.provider "
                     "needs it");
  if (x.etcd_certificate_file.empty() != x.etcd_key_file.empty())
    result.push_back("cluster.etcd-certificate-file and cluster.etcd-key-file "
                     "belong together: set both or none");
  return result;
}

lines complaints_of_nodes(const cluster_settings& x) {
  lines result;
  std::set<std::string> ids;
  for (const auto& named : x.peers)
    if (auto id = to_member(named).id.str(); !ids.insert(id).second)
      result.push_back("cluster.peers has " + id + " twice");
  auto self = x.node + '@' + address_of(x);
  if (std::find(x.peers.begin(), x.peers.end(), self) == x.peers.end())
    result.push_back("cluster.peers must have this node itself: " + self);
  return result;
}

} // namespace

std::string address_of(const cluster_settings& x) {
  return to_string(cluster::address{x.host, x.port});
}

bool is_named_address(const std::string& text) {
  auto sign = text.find('@');
  return sign != text.npos && cluster::is_node_name(text.substr(0, sign))
         && cluster::parse_address(text.substr(sign + 1));
}

lines complaints_of(const cluster_settings& x) {
  if (x.provider == cluster_provider::none) {
    if (!x.host.empty() || !x.peers.empty() || !x.etcd_endpoints.empty())
      return {"cluster.provider is missing: cluster.host, cluster.peers and "
              "cluster.etcd-endpoints are for a cluster"};
    return {};
  }
  lines result;
  if (x.node == cluster_settings{}.node)
    result.push_back("cluster.node is missing: each node of a cluster has a "
                     "name of its own");
  if (x.host.empty()) {
    result.push_back("cluster.host is missing: other nodes need it");
    return result;
  }
  auto add = [&](const lines& more) {
    result.insert(result.end(), more.begin(), more.end());
  };
  add(complaints_of_certificates(x));
  add(x.provider == cluster_provider::etcd ? complaints_of_etcd(x)
                                           : complaints_of_nodes(x));
  return result;
}

cluster::gate_options gate_options_of(const cluster_settings& x) {
  return {{x.host, x.port},
          {x.ca_file, x.certificate_file, x.key_file},
          x.insecure_loopback};
}

etcd::roster_options roster_options_of(const cluster_settings& x) {
  etcd::roster_options result;
  for (const auto& text : x.etcd_endpoints)
    result.endpoints.push_back(*etcd::parse_endpoint(text));
  result.tls = {x.etcd_ca_file, x.etcd_certificate_file, x.etcd_key_file};
  result.prefix = x.prefix;
  // etcd counts whole seconds.
  result.ttl = std::chrono::ceil<std::chrono::seconds>(x.ttl);
  result.self = to_member(x.node, address_of(x));
  return result;
}

std::vector<member> members_of(const cluster_settings& x) {
  if (x.provider == cluster_provider::none)
    return {to_member(x.node, address_of(x))};
  std::vector<member> result;
  for (const auto& named : x.peers)
    result.push_back(to_member(named));
  return result;
}

} // namespace parlor
