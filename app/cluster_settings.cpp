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
  return {
    node_id{id}, {}, address, cluster::wire_version, member_state::active};
}

member to_member(const std::string& named) {
  auto sign = named.find('@');
  auto at = *cluster::parse_address(named.substr(sign + 1));
  at.host = cluster::canonical(at.host);
  return to_member(named.substr(0, sign), to_string(at));
}

bool names_etcd_files(const cluster_settings& x) {
  return !x.etcd_ca_file.empty() || !x.etcd_certificate_file.empty()
         || !x.etcd_key_file.empty();
}

bool names_files(const cluster_settings& x) {
  return !x.ca_file.empty() || !x.certificate_file.empty()
         || !x.key_file.empty() || names_etcd_files(x);
}

tls::slot_ptr slot_of(const tls::context_ptr& x) {
  return x ? std::make_shared<tls::slot>(x) : nullptr;
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
  if (names_etcd_files(x) && !wants_tls(x))
    result.push_back("cluster.etcd-ca-file, cluster.etcd-certificate-file and "
                     "cluster.etcd-key-file are for https://, and "
                     "cluster.etcd-endpoints has none");
  return result;
}

lines complaints_of_nodes(const cluster_settings& x) {
  lines result;
  std::set<std::string> ids;
  std::set<std::string> addresses;
  auto has_self = false;
  for (const auto& named : x.peers) {
    auto one = to_member(named);
    if (!ids.insert(one.id.str()).second)
      result.push_back("cluster.peers has " + one.id.str() + " twice");
    else if (!addresses.insert(one.address).second)
      result.push_back("cluster.peers has two nodes at " + one.address);
    has_self = has_self
               || (one.id.str() == x.node && one.address == address_of(x));
  }
  if (!has_self)
    result.push_back("cluster.peers must have this node itself: " + x.node + '@'
                     + address_of(x));
  return result;
}

} // namespace

std::string address_of(const cluster_settings& x) {
  return to_string(cluster::address{cluster::canonical(x.host), x.port});
}

bool wants_tls(const cluster_settings& x) {
  return x.provider == cluster_provider::etcd
         && std::ranges::any_of(x.etcd_endpoints, [](const std::string& one) {
              return etcd::parse_endpoint(one)->tls;
            });
}

bool is_named_address(const std::string& text) {
  auto sign = text.find('@');
  if (sign == text.npos || !cluster::is_node_name(text.substr(0, sign)))
    return false;
  auto at = cluster::parse_address(text.substr(sign + 1));
  return at && cluster::is_reachable(at->host);
}

lines complaints_of(const cluster_settings& x) {
  if (x.provider == cluster_provider::none) {
    if (!x.host.empty() || !x.peers.empty() || !x.etcd_endpoints.empty()
        || names_files(x))
      return {"cluster.provider is missing: cluster.host, cluster.peers, "
              "cluster.etcd-... and openssl.... are for a cluster"};
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
  return {{x.host, x.port}, slot_of(x.link_tls), x.insecure_loopback};
}

etcd::roster_options roster_options_of(const cluster_settings& x) {
  etcd::roster_options result;
  for (const auto& text : x.etcd_endpoints)
    result.endpoints.push_back(*etcd::parse_endpoint(text));
  result.tls = slot_of(x.etcd_tls);
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
