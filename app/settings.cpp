// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include "app/certificates.hpp"
#include "app/options.hpp"
#include "app/options_file.hpp"
#include "app/options_system.hpp"
#include "app/options_text.hpp"
#include "auth/token_key.hpp"
#include "cluster/address.hpp"

#include <algorithm>

namespace parlor {

namespace {

using namespace std::string_literals;

constexpr int bad_configuration = 2;

/// Each problem is one line, whatever the value in it.
early_exit refused(const std::vector<std::string>& problems) {
  early_exit result{bad_configuration, {}};
  for (auto x : problems) {
    std::replace_if(
      x.begin(), x.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
    result.text += "parlor: " + x + '\n';
  }
  return result;
}

early_exit help() {
  settings defaults;
  return {0, help_text(configuration{defaults})};
}

/// Whether what listens at one address has the other one's ports.
bool share_ports(const std::string& one, const std::string& other) {
  using cluster::address_kind;
  return cluster::kind_of(one) == address_kind::unspecified
         || cluster::canonical(one) == cluster::canonical(other);
}

/// What is wrong with the port for administrators.
std::vector<std::string> conflicts_of_admin(const settings& x) {
  std::vector<std::string> result;
  if (!x.admin_port && !x.admin_host.empty())
    result.push_back("admin.port is missing: admin.host is its address");
  if (!x.admin_port)
    return result;
  auto host = x.admin_address();
  auto has = [&](uint16_t port, const std::string& at) {
    return port != 0 && *x.admin_port == port
           && (share_ports(host, at) || share_ports(at, host));
  };
  if (has(x.port, x.host))
    result.push_back("admin.port is server.port, too");
  if (x.cluster.provider != cluster_provider::none
      && has(x.cluster.port, x.cluster.host))
    result.push_back("admin.port is cluster.port, too");
  if (!is_loopback(host) && !x.insecure && x.admin_token_file.empty())
    result.push_back("admin.host " + host
                     + " can be reached by others and there is no token: set "
                       "admin.token-file, or pass --server.insecure to allow "
                       "that");
  return result;
}

/// What is wrong with values that are each in their range.
std::vector<std::string> conflicts(const settings& x) {
  std::vector<std::string> result;
  const auto& l = x.limits;
  if (l.heartbeat_timeout <= l.heartbeat_interval)
    result.push_back("heartbeat.timeout (" + to_ini(l.heartbeat_timeout)
                     + ") must be more than heartbeat.interval ("
                     + to_ini(l.heartbeat_interval) + ")");
  if (l.messages_per_second > 0 && l.message_burst == 0)
    result.push_back("limits.message-burst must be at least 1 where "
                     "limits.messages-per-second is set");
  if (x.algorithm != token_algorithm::none && x.key_file.empty())
    result.push_back("auth.key-file is missing: auth.algorithm needs a key");
  if (x.algorithm == token_algorithm::none && !x.key_file.empty())
    result.push_back("auth.algorithm is missing: auth.key-file has a key");
  for (auto& [key, value] : {std::pair{"auth.issuer", &x.token_rules.issuer},
                             {"auth.audience", &x.token_rules.audience}})
    if (x.algorithm == token_algorithm::none && !value->empty())
      result.push_back("auth.algorithm is missing: "s + key + " is for tokens");
  if (x.certificate_file.empty() != x.certificate_key_file.empty())
    result.push_back(x.certificate_file.empty()
                       ? "tls.certificate is missing: tls.key is its key"
                       : "tls.key is missing: tls.certificate needs its key");
  if (!is_loopback(x.host) && !x.insecure
      && x.algorithm == token_algorithm::none)
    result.push_back("server.host " + x.host
                     + " can be reached by others and there is no "
                       "authentication: set auth.algorithm, or pass "
                       "--server.insecure to allow that");
  if (x.cluster.provider != cluster_provider::none && x.port == x.cluster.port
      && share_ports(x.host, x.cluster.host))
    result.push_back("server.port and cluster.port are both "
                     + std::to_string(x.port)
                     + ": clients and nodes need a port each");
  auto admin = conflicts_of_admin(x);
  result.insert(result.end(), admin.begin(), admin.end());
  auto more = complaints_of(x.cluster);
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

/// Reads the admin token; what is wrong with it, or empty.
std::vector<std::string> read_admin_token(settings& x) {
  if (x.admin_token_file.empty())
    return {};
  auto token = read_token(x.admin_token_file);
  if (auto bad = std::get_if<bad_token>(&token))
    return {"admin.token-file " + x.admin_token_file + ' ' + bad->reason};
  x.admin_token = std::get<std::string>(token);
  return {};
}

/// Reads the key of the clients' tokens; what is wrong with it, or empty.
std::vector<std::string> read_key(settings& x) {
  if (x.algorithm == token_algorithm::none)
    return {};
  auto secret = x.algorithm == token_algorithm::hs256;
  auto content = read_key_file(x.key_file, secret);
  auto* bad = std::get_if<bad_token>(&content);
  std::string complaint = bad ? bad->reason : "";
  if (complaint.empty())
    complaint = complaint_of_key(x.algorithm, std::get<std::string>(content));
  if (!complaint.empty())
    return {"auth.key-file " + x.key_file + ' ' + complaint};
  x.key = key_of(x.algorithm, std::get<std::string>(std::move(content)));
  return {};
}

/// All that the configuration names; what is wrong with them.
std::vector<std::string> read_files(settings& x) {
  std::vector<std::string> result;
  for (auto* read : {read_admin_token, read_key, read_certificates}) {
    auto more = read(x);
    result.insert(result.end(), more.begin(), more.end());
  }
  return result;
}

} // namespace

parsed parse(const std::vector<std::string>& args) {
  settings result;
  configuration config{result};
  auto problems = config.read(args);
  if (!problems.empty())
    return refused(problems);
  if (config.help)
    return help();
  if (config.version)
    return early_exit{0, "parlor " PARLOR_VERSION "\n"};
  if (!config.file.empty()) {
    problems = read_file(config, config.file);
    if (!problems.empty())
      return refused(problems);
    // Once more, so that the command line wins over the file.
    config.read(args);
  }
  problems = conflicts(result);
  if (problems.empty() && config.dump)
    return early_exit{0, dump_text(config)};
  if (problems.empty())
    problems = read_files(result);
  if (!problems.empty())
    return refused(problems);
  if (config.check)
    return early_exit{0, "configuration ok\n"};
  return result;
}

parsed parse(int argc, const char* const* argv) {
  return parse(std::vector<std::string>(argv + (argc > 0), argv + argc));
}

} // namespace parlor
