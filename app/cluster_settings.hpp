// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/etcd_roster.hpp"
#include "cluster/links/gate.hpp"
#include "messages/view.hpp"
#include "tls/context.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace parlor {

/// What decides who is in a cluster.
enum class cluster_provider : uint8_t { none, fixed, etcd };

/// The sections `cluster` and `openssl` of the configuration.
struct cluster_settings {
  /// This node's name.
  std::string node = "local";
  cluster_provider provider = cluster_provider::none;
  /// Where this node listens for others, and they dial it.
  std::string host;
  uint16_t port = 5400;
  /// All nodes where they are a fixed list: "a@10.0.0.1:5400".
  std::vector<std::string> peers;
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  /// What is in these files; nullptr where there is no TLS between nodes.
  tls::context_ptr link_tls;
  /// Lets nodes within 127.0.0.0/8 do without certificates.
  bool insecure_loopback = false;
  /// Endpoints: "http://10.0.0.1:2379".
  std::vector<std::string> etcd_endpoints;
  std::string prefix = "/parlor";
  std::chrono::nanoseconds ttl = std::chrono::seconds{2};
  std::string etcd_ca_file;
  std::string etcd_certificate_file;
  std::string etcd_key_file;
  /// The same for etcd; nullptr where no endpoint wants TLS.
  tls::context_ptr etcd_tls;
};

/// Where this node is for others: "10.0.0.1:5400".
std::string address_of(const cluster_settings& x);

/// Whether etcd is spoken to over TLS.
bool wants_tls(const cluster_settings& x);

/// What is wrong with values that are each what they should be, a line each.
/// Reads no file.
std::vector<std::string> complaints_of(const cluster_settings& x);

/// Whether it is "name@address:port".
bool is_named_address(const std::string& text);

// For settings that there is no complaint of, whose files were read.

cluster::gate_options gate_options_of(const cluster_settings& x);
etcd::roster_options roster_options_of(const cluster_settings& x);

/// The nodes of a fixed cluster; this one alone where there is no cluster.
std::vector<member> members_of(const cluster_settings& x);

} // namespace parlor
