// SPDX-License-Identifier: MIT
#include "actors/metrics_page.hpp"

#include "tests/actors/heard.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <sstream>

using namespace parlor;
using namespace parlor::test;

namespace {

metrics_page whole() {
  metrics_page result;
  result.node = "here";
  result.version = "1.2.3";
  result.started = 1'500;
  result.outbox_limit = 4096;
  result.certificates = {{"tls.certificate", 1'800'000'000},
                         {"openssl.cafile", 0}};
  result.totals = registry_stats{3, 2, 1000};
  result.rooms = 5;
  result.process = process_vitals{4096, 8192, 11, 1024, 1.5};
  result.threads_up = {true, true};
  return result;
}

/// The names that have a line of this kind.
std::set<std::string> names_of(const std::string& page, const char* kind) {
  std::set<std::string> result;
  std::istringstream in{page};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(kind))
      result.insert(line.substr(7, line.find(' ', 7) - 7));
  return result;
}

} // namespace

TEST_CASE("every metric has a help and a type", "[metrics]") {
  std::set<std::string> wanted{"parlor_connections",
                               "parlor_users",
                               "parlor_rooms",
                               "parlor_connections_opened_total",
                               "parlor_connections_closed_total",
                               "parlor_messages_received_total",
                               "parlor_messages_sent_total",
                               "parlor_bytes_received_total",
                               "parlor_bytes_sent_total",
                               "parlor_dropped_total",
                               "parlor_fanout_seconds",
                               "parlor_outbox_bytes",
                               "parlor_recover_total",
                               "parlor_mailbox_depth",
                               "parlor_node_up",
                               "parlor_node_linked",
                               "parlor_cluster_members",
                               "parlor_settings_differ",
                               "parlor_certificate_end_time_seconds",
                               "parlor_build_info",
                               "parlor_connections_limit",
                               "parlor_outbox_limit_bytes",
                               "parlor_io_thread_up",
                               "process_cpu_seconds_total",
                               "process_max_fds",
                               "process_open_fds",
                               "process_resident_memory_bytes",
                               "process_start_time_seconds",
                               "process_virtual_memory_bytes"};
  auto page = render(whole());
  CHECK(names_of(page, "# HELP") == wanted);
  CHECK(names_of(page, "# TYPE") == wanted);
}

TEST_CASE("what was counted is told under its name", "[metrics]") {
  auto x = whole();
  x.counts.opened = 9;
  x.counts.closed[index_of(close_code::slow_consumer)] = 2;
  x.counts.closed[index_of(close_code{3456})] = 3;
  x.counts.received[2] = 4;
  x.counts.sent[index_of(frame_kind::chat)] = 40;
  x.counts.sent[index_of(frame_kind::unnamed)] = 41;
  x.counts.dropped[index_of(drop::lagging)] = 6;
  x.counts.recovers = {7, 8};
  x.counts.fanout.add(std::chrono::milliseconds{3});
  x.mailboxes = {{"room", 12}};
  x.members = 3;
  x.differences = 2;
  x.linked = {{"there", 1}, {"away", 0}};
  auto page = render(x);
  for (auto line : {"parlor_connections 3\n",
                    "parlor_users 2\n",
                    "parlor_rooms 5\n",
                    "parlor_connections_opened_total 9\n",
                    "parlor_connections_closed_total{code=\"4008\"} 2\n",
                    "parlor_connections_closed_total{code=\"other\"} 3\n",
                    "parlor_connections_closed_total{code=\"1000\"} 0\n",
                    "parlor_messages_received_total{type=\"chat\"} 4\n",
                    "parlor_messages_sent_total{type=\"chat\"} 40\n",
                    "parlor_dropped_total{reason=\"lagging\"} 6\n",
                    "parlor_recover_total{recovered=\"false\"} 7\n",
                    "parlor_recover_total{recovered=\"true\"} 8\n",
                    "parlor_fanout_seconds_bucket{le=\"0.0025\"} 0\n",
                    "parlor_fanout_seconds_bucket{le=\"0.005\"} 1\n",
                    "parlor_fanout_seconds_count 1\n",
                    "parlor_mailbox_depth{kind=\"room\"} 12\n",
                    "parlor_mailbox_depth{kind=\"lane\"} 0\n",
                    "parlor_node_up{node=\"here\"} 1\n",
                    "parlor_cluster_members 3\n",
                    "parlor_settings_differ 2\n",
                    "parlor_certificate_end_time_seconds{option="
                    "\"openssl.cafile\"} 0\n",
                    "parlor_certificate_end_time_seconds{option="
                    "\"tls.certificate\"} 1800000000\n",
                    "parlor_node_linked{node=\"here\"} 1\n",
                    "parlor_node_linked{node=\"there\"} 1\n",
                    "parlor_node_linked{node=\"away\"} 0\n",
                    "parlor_build_info{version=\"1.2.3\"} 1\n",
                    "process_start_time_seconds 1.5\n",
                    "process_open_fds 11\n"}) {
    INFO(line);
    CHECK(has(page, line));
  }
  CHECK(!has(page, "unnamed"));
}

TEST_CASE("what did not answer is not on the page, and that said",
          "[metrics]") {
  auto x = whole();
  x.totals.reset();
  x.rooms.reset();
  x.process.reset();
  x.threads_up = {true, false};
  auto page = render(x);
  for (auto name : {"parlor_connections ", "parlor_users", "parlor_rooms",
                    "process_open_fds", "process_cpu_seconds_total"})
    CHECK(!has(page, name));
  CHECK(has(page, "parlor_node_up{node=\"here\"} 0\n"));
  CHECK(has(page, "parlor_io_thread_up{thread=\"0\"} 1\n"));
  CHECK(has(page, "parlor_io_thread_up{thread=\"1\"} 0\n"));
  CHECK(has(page, "parlor_connections_opened_total 0\n"));
}
