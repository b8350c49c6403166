// SPDX-License-Identifier: MIT
#include "app/reload.hpp"

#include "app/options.hpp"

#include <algorithm>

namespace parlor {

namespace {

/// Of links to other nodes and to etcd: those that are up stay as they are.
void take_certificates(cluster_settings& into, const cluster_settings& from) {
  if (into.link_tls && from.link_tls) {
    into.ca_file = from.ca_file;
    into.certificate_file = from.certificate_file;
    into.key_file = from.key_file;
    into.link_tls = from.link_tls;
  }
  if (into.etcd_tls && from.etcd_tls) {
    into.etcd_ca_file = from.etcd_ca_file;
    into.etcd_certificate_file = from.etcd_certificate_file;
    into.etcd_key_file = from.etcd_key_file;
    into.etcd_tls = from.etcd_tls;
  }
}

/// Takes over what nobody but the main thread and the sockets look at: the limits
/// of actors are constant while they live.
void take_changeable(settings& into, const settings& from) {
  into.log.threshold = from.log.threshold;
  into.trusted_proxies = from.trusted_proxies;
  into.origins = from.origins;
  // Without a token everybody on this machine is let in: what is closed is opened
  // by a restart alone.
  if (!from.admin_token.empty() || into.admin_token.empty()) {
    into.admin_token_file = from.admin_token_file;
    into.admin_token = from.admin_token;
  }
  into.limits.outbox_bytes = from.limits.outbox_bytes;
  into.limits.outbox_stall = from.limits.outbox_stall;
  into.limits.handshake_timeout = from.limits.handshake_timeout;
  into.limits.http_idle = from.limits.http_idle;
  into.drain_notice = from.drain_notice;
  into.drain_timeout = from.drain_timeout;
  // A port that is plain stays so, and one that is not, too.
  if (into.tls && from.tls) {
    into.certificate_file = from.certificate_file;
    into.certificate_key_file = from.certificate_key_file;
    into.tls = from.tls;
  }
  take_certificates(into.cluster, from.cluster);
}

/// The keys whose values differ, as a file would have them.
std::vector<std::string> differences(settings one, settings other) {
  configuration first{one};
  configuration second{other};
  std::vector<std::string> result;
  for (size_t i = 0; i < first.all().size(); ++i)
    if (first.all()[i].value() != second.all()[i].value())
      result.push_back(first.all()[i].key);
  return result;
}

void add(std::vector<std::string>& to, std::string key) {
  if (std::find(to.begin(), to.end(), key) == to.end())
    to.push_back(std::move(key));
}

/// The options whose files hold something else.
void add_renewed(std::vector<std::string>& to, const tls::context_ptr& now,
                 const tls::context_ptr& next, const char* authority,
                 const char* certificate) {
  if (!now || !next)
    return;
  if (!now->same_authorities(*next))
    add(to, authority);
  if (!now->same_certificate(*next))
    add(to, certificate);
}

} // namespace

reload reloaded(const settings& now, const settings& next) {
  reload result{now, {}, {}};
  take_changeable(result.effective, next);
  result.changed = differences(now, result.effective);
  result.waiting = differences(result.effective, next);
  if (now.admin_token != result.effective.admin_token)
    add(result.changed, "admin.token-file");
  if (now.key != next.key)
    add(result.waiting, "auth.key-file");
  if (now.tls && next.tls
      && !now.tls->files().same_certificate(next.tls->files()))
    add(result.changed, "tls.certificate");
  add_renewed(result.changed, now.cluster.link_tls, next.cluster.link_tls,
              "openssl.cafile", "openssl.certificate");
  add_renewed(result.changed, now.cluster.etcd_tls, next.cluster.etcd_tls,
              "cluster.etcd-ca-file", "cluster.etcd-certificate-file");
  return result;
}

} // namespace parlor
