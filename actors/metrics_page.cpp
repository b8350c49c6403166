// SPDX-License-Identifier: MIT
#include "actors/metrics_page.hpp"

#include "telemetry/exposition.hpp"

#include <algorithm>
#include <span>

namespace parlor {

namespace {

using labelled = exposition::labelled;

/// The kinds of actors that live on I/O threads: each is on every page.
constexpr std::array<const char*, 7> mailbox_kinds{
  "admin", "connection", "directory", "lane", "node", "registry", "room"};

/// Each count under its name, but for the first `skipped`.
labelled by_name(std::span<const std::string_view> names,
                 std::span<const uint64_t> counts, size_t skipped = 0) {
  labelled result;
  for (auto i = skipped; i < names.size(); ++i)
    result.emplace_back(names[i], counts[i]);
  return result;
}

labelled by_code(const thread_counts& x) {
  labelled result;
  for (size_t i = 0; i < counted_closes.size(); ++i)
    result.emplace_back(
      std::to_string(static_cast<uint16_t>(counted_closes[i])), x.closed[i]);
  result.emplace_back("other", x.closed.back());
  return result;
}

labelled by_thread(const std::vector<bool>& up) {
  labelled result;
  for (size_t i = 0; i < up.size(); ++i)
    result.emplace_back(std::to_string(i), uint64_t{up[i]});
  return result;
}

labelled by_kind(std::map<std::string, uint64_t> waiting) {
  for (auto* kind : mailbox_kinds)
    waiting.try_emplace(kind, 0);
  return {waiting.begin(), waiting.end()};
}

void put_node(exposition& out, const metrics_page& x) {
  out.gauge("parlor_build_info", "Always 1; the version is in the label.",
            "version", {{x.version, 1}});
  out.gauge("parlor_node_up",
            "Whether all of the node answered this scrape in time.", "node",
            {{x.node, uint64_t{x.complete()}}});
  out.gauge("parlor_io_thread_up",
            "Whether the I/O thread answered this scrape in time.", "thread",
            by_thread(x.threads_up));
  out.gauge("parlor_mailbox_depth",
            "Messages that wait for actors of this kind.", "kind",
            by_kind(x.mailboxes));
}

void put_cluster(exposition& out, const metrics_page& x) {
  out.gauge("parlor_cluster_members",
            "Nodes in the cluster, as this one knows; 0 where it is not in.",
            x.members);
  labelled linked{x.linked.begin(), x.linked.end()};
  linked.emplace_back(x.node, 1);
  out.gauge("parlor_node_linked",
            "Whether there is a link to this member of the cluster.", "node",
            linked);
}

/// What an operator has to renew, or to make the same again.
void put_upkeep(exposition& out, const metrics_page& x) {
  out.gauge("parlor_settings_differ",
            "Settings that are other ones on other nodes of the cluster.",
            x.differences);
  out.gauge("parlor_certificate_end_time_seconds",
            "When the certificates in this option's file end, in seconds since "
            "1970; 0 where there is no file.",
            "option", {x.certificates.begin(), x.certificates.end()});
}

void put_population(exposition& out, const metrics_page& x) {
  if (x.totals) {
    out.gauge("parlor_connections", "Connections that were let in.",
              x.totals->connections);
    out.gauge("parlor_connections_limit", "What limits.max-connections is.",
              x.totals->max_connections);
    out.gauge("parlor_users", "Users with at least one connection.",
              x.totals->users);
  }
  if (x.rooms)
    out.gauge("parlor_rooms", "Rooms with members.", *x.rooms);
  out.counter("parlor_connections_opened_total", "WebSockets opened.",
              x.counts.opened);
  out.counter("parlor_connections_closed_total",
              "WebSockets closed, by the close code.", "code",
              by_code(x.counts));
}

void put_traffic(exposition& out, const thread_counts& x) {
  out.counter("parlor_messages_received_total", "Messages of clients.", "type",
              by_name(received_types, x.received));
  out.counter("parlor_messages_sent_total",
              "Messages queued for clients, counted for each receiver.", "type",
              by_name(frame_kind_names, x.sent, 1));
  out.counter("parlor_bytes_received_total", "Bytes read from WebSockets.",
              x.bytes_received);
  out.counter("parlor_bytes_sent_total", "Bytes written to WebSockets.",
              x.bytes_sent);
  out.counter("parlor_dropped_total", "Messages that did not go on.", "reason",
              by_name(drop_names, x.dropped));
  out.counter("parlor_recover_total",
              "Joins that asked for what they missed, by whether they got it.",
              "recovered", {{"false", x.recovers[0]}, {"true", x.recovers[1]}});
  out.histogram("parlor_fanout_seconds",
                "From a room's numbering of a message until one I/O thread has "
                "written it to all of its members' sockets.",
                x.fanout.bounds, x.fanout.steps,
                std::chrono::duration<double>{x.fanout.sum}.count());
}

void put_outboxes(exposition& out, const metrics_page& x) {
  out.gauge("parlor_outbox_bytes",
            "Memory for what slow clients have not taken yet.",
            x.counts.outbox_bytes);
  out.gauge("parlor_outbox_limit_bytes", "What limits.outboxes-bytes is.",
            x.outbox_limit);
}

void put_process(exposition& out, const metrics_page& x) {
  out.gauge("process_start_time_seconds",
            "When the process started, in seconds since 1970.",
            static_cast<double>(x.started) / 1000);
  if (!x.process)
    return;
  auto& process = *x.process;
  out.counter("process_cpu_seconds_total", "CPU time, user and system.",
              process.cpu_seconds);
  out.gauge("process_resident_memory_bytes", "Resident memory.",
            process.resident_bytes);
  out.gauge("process_virtual_memory_bytes", "Virtual memory.",
            process.virtual_bytes);
  out.gauge("process_open_fds", "Open file descriptors.", process.open_fds);
  out.gauge("process_max_fds", "The limit of file descriptors.",
            process.max_fds);
}

} // namespace

bool metrics_page::complete() const {
  return totals && rooms
         && std::find(threads_up.begin(), threads_up.end(), false)
              == threads_up.end();
}

std::string render(const metrics_page& x) {
  exposition out;
  put_node(out, x);
  put_cluster(out, x);
  put_upkeep(out, x);
  put_population(out, x);
  put_traffic(out, x.counts);
  put_outboxes(out, x);
  put_process(out, x);
  return out.text();
}

} // namespace parlor
