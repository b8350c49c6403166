// SPDX-License-Identifier: MIT
#include "app/certificates.hpp"

#include "app/options_system.hpp"
#include "cluster/etcd/tls.hpp"
#include "cluster/links/gate_tls.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace parlor {

namespace {

using lines = std::vector<std::string>;
using pem_part = tls::problem::part;

constexpr auto tls_certificate = "tls.certificate";
constexpr auto node_authority = "openssl.cafile";
constexpr auto node_certificate = "openssl.certificate";
constexpr auto etcd_authority = "cluster.etcd-ca-file";
constexpr auto etcd_certificate = "cluster.etcd-certificate-file";

/// A file that an option names; without a path it is not read.
struct named_file {
  std::string key;
  std::string path;

  std::string wrong(const std::string& why) const {
    return key + ' ' + path + ' ' + why;
  }

  /// Says what is wrong with it.
  void read(bool secret, std::optional<std::string>& into,
            lines& problems) const {
    if (path.empty())
      return;
    auto content = secret ? read_key_file(path, true)
                          : read_certificate_file(path);
    if (auto* bad = std::get_if<bad_token>(&content))
      problems.push_back(wrong(bad->reason));
    else
      into = std::get<std::string>(std::move(content));
  }
};

/// Those of one use.
struct file_set {
  named_file authority;
  named_file certificate;
  named_file key;

  const named_file& of(pem_part which) const {
    return which == pem_part::authority ? authority
           : which == pem_part::key     ? key
                                        : certificate;
  }

  /// Reads them, and makes of them what they are for; says what is wrong.
  template <class Make, class T>
  lines read(Make make, T& into) const {
    lines problems;
    tls::texts from;
    authority.read(false, from.authority, problems);
    certificate.read(false, from.certificate, problems);
    key.read(true, from.key, problems);
    if (!problems.empty())
      return problems;
    auto made = make(from);
    if (auto* bad = std::get_if<tls::problem>(&made))
      return {of(bad->of).wrong(bad->what)};
    into = std::get<0>(std::move(made));
    return {};
  }
};

void add_file(std::vector<certificate_file>& to, const char* key,
              const std::string& path,
              const std::optional<tls::validity>& lasts) {
  if (!path.empty() && lasts)
    to.push_back({key, path, *lasts});
}

std::optional<tls::validity> of_authorities(const tls::context& x) {
  auto end = x.authorities_end();
  if (!end)
    return std::nullopt;
  return tls::validity{tls::validity::time_point::min(), *end};
}

} // namespace

std::vector<certificate_file> certificates_of(const settings& x) {
  std::vector<certificate_file> result;
  const auto& c = x.cluster;
  if (x.tls)
    add_file(result, tls_certificate, x.certificate_file,
             x.tls->files().lasts());
  if (c.link_tls) {
    add_file(result, node_authority, c.ca_file, of_authorities(*c.link_tls));
    add_file(result, node_certificate, c.certificate_file, c.link_tls->lasts());
  }
  if (c.etcd_tls) {
    add_file(result, etcd_authority, c.etcd_ca_file,
             of_authorities(*c.etcd_tls));
    add_file(result, etcd_certificate, c.etcd_certificate_file,
             c.etcd_tls->lasts());
  }
  return result;
}

certificate_state judge(const tls::validity& x, tls::validity::time_point now) {
  if (!x.holds(now))
    return certificate_state::out_of_date;
  return x.until - now <= certificate_warning ? certificate_state::ends_soon
                                              : certificate_state::good;
}

std::map<std::string, uint64_t>
certificate_ends(const std::vector<certificate_file>& of) {
  std::map<std::string, uint64_t> result;
  for (auto* key : {tls_certificate, node_authority, node_certificate,
                    etcd_authority, etcd_certificate})
    result[key] = 0;
  for (const auto& one : of) {
    auto end = std::chrono::duration_cast<std::chrono::seconds>(
      one.lasts.until.time_since_epoch());
    result[one.key] = static_cast<uint64_t>(end.count());
  }
  return result;
}

std::vector<std::string> read_certificates(settings& x) {
  lines problems;
  auto add_all = [&](lines more) {
    problems.insert(problems.end(), more.begin(), more.end());
  };
  auto& c = x.cluster;
  if (!x.certificate_file.empty())
    add_all(file_set{{},
                     {tls_certificate, x.certificate_file},
                     {"tls.key", x.certificate_key_file}}
              .read(
                [](const tls::texts& from) {
                  return transport::tls_identity::make(*from.certificate,
                                                       *from.key);
                },
                x.tls));
  if (!c.ca_file.empty())
    add_all(file_set{{node_authority, c.ca_file},
                     {node_certificate, c.certificate_file},
                     {"openssl.key", c.key_file}}
              .read(cluster::make_context, c.link_tls));
  if (wants_tls(c))
    add_all(file_set{{etcd_authority, c.etcd_ca_file},
                     {etcd_certificate, c.etcd_certificate_file},
                     {"cluster.etcd-key-file", c.etcd_key_file}}
              .read(etcd::make_tls, c.etcd_tls));
  return problems;
}

} // namespace parlor
