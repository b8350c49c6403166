// SPDX-License-Identifier: MIT
#include "actors/admin_ask.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>

/// How admin gathers the metrics: from all at the same time, so that a silent
/// one costs the others nothing.
namespace parlor {

namespace {

/// What Prometheus asks for (text format 0.0.4).
constexpr const char* text_format = "text/plain; version=0.0.4; charset=utf-8";

/// A page on its way, and how many have yet to answer or be given up.
struct scrape {
  metrics_page page;
  size_t missing = 0;
};

} // namespace

void admin_state::show_metrics(const request_ptr& x) {
  auto& env = *options.env;
  auto all = std::make_shared<scrape>();
  all->page.node = env.node;
  all->page.version = env.version;
  all->page.started = env.revision;
  all->page.outbox_limit = env.limits.outboxes_bytes;
  if (env.peers)
    all->page.members = seats->now.members.size();
  if (env.links) {
    for (const auto& one : env.links->linked())
      all->page.linked.emplace(one.id.str(), one.linked);
    std::set<std::string> settings;
    for (const auto& one : env.links->differences())
      settings.insert(one.setting);
    all->page.differences = settings.size();
  }
  if (env.certificates)
    all->page.certificates = env.certificates();
  all->missing = options.meter ? 4 : 3;
  auto one_less = [=] {
    if (--all->missing == 0)
      x->reply->answer({ok, render(all->page), text_format});
  };
  auto gather = [=, this]<class Handle, class Value>(
                  const Handle& whom, std::optional<Value>& into) {
    self->request(whom, ready_patience, atom::stats_v)
      .then(
        [all, one_less, to = &into](Value& value) {
          *to = value;
          one_less();
        },
        [one_less](const caf::error&) { one_less(); });
  };
  gather(options.registry, all->page.totals);
  gather(options.directory, all->page.rooms);
  if (options.meter)
    gather(options.meter, all->page.process);
  auto take = [=, this](std::vector<thread_report> reports, bool) {
    take_threads(reports, all->page);
    one_less();
  };
  survey<thread_report>(options.lanes, atom::stats_v, take, ready_patience);
}

void admin_state::take_threads(const std::vector<thread_report>& reports,
                               metrics_page& into) {
  into.threads_up.assign(counted.size(), false);
  for (auto& one : reports) {
    into.threads_up[one.thread] = true;
    counted[one.thread] = one.counts;
    for (auto& [kind, waiting] : one.mailboxes)
      into.mailboxes[kind] += waiting;
  }
  for (auto& one : counted)
    into.counts.add(one);
}

} // namespace parlor
