// SPDX-License-Identifier: MIT
#include "app/reload.hpp"

#include "app/options.hpp"

#include <algorithm>

namespace parlor {

namespace {

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
  if (!into.tls || !from.tls)
    return;
  into.certificate_file = from.certificate_file;
  into.certificate_key_file = from.certificate_key_file;
  into.tls = from.tls;
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
  if (now.tls && next.tls && !now.tls->same_certificate(*next.tls))
    add(result.changed, "tls.certificate");
  return result;
}

} // namespace parlor
