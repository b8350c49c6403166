// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace parlor::bench::wsload {

/// The command line makes no sense; the program ends with status 2.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The text of `--help`.
extern const char* const usage;

/// The command line as given. Durations are in seconds.
struct options {
  /// fanout, pingpong, connect, idle or churn.
  std::string mode = "fanout";
  /// ws://A.B.C.D:PORT/path; the path is a template.
  std::string url = "ws://127.0.0.1:9001/";
  /// Goes into the report as it is.
  std::string label;

  /// The message to publish, a template.
  std::string publish;
  /// Templates that are sent after the handshake.
  std::vector<std::string> on_open;
  /// `P=>T`: when a frame starts with P, send T once per connection.
  std::vector<std::string> on_prefix;
  /// `A=B`: when a whole frame is A, send B.
  std::vector<std::string> text_reply;
  /// What a frame must hold for its connection to be ready; empty: ready once
  /// it is open.
  std::string ready_marker;
  /// The bytes that start a stamp.
  std::string stamp_marker = "@@";
  /// Whole header lines of the upgrade request.
  std::vector<std::string> headers;
  std::string subprotocol;
  /// Source addresses, taken in turn.
  std::vector<std::string> sources;
  /// Publish binary frames.
  bool binary = false;
  /// Count several stamps in one frame.
  bool multi = false;

  uint32_t rooms = 1;
  /// Members and publishers of each room.
  uint32_t members = 100;
  uint32_t publishers = 1;
  /// Messages under way per publisher.
  uint32_t window = 1;
  /// A message is through when its publisher (own) or all members have it.
  std::string window_by = "own";
  /// Messages per second in total; 0: by window.
  double rate = 0;
  /// Windows of every publisher, one after the other; 0: by time.
  uint32_t rounds = 0;
  /// Messages in one send at most.
  uint32_t batch_max = 64;

  uint32_t pairs = 100;
  uint32_t connections = 1000;
  /// Handshakes under way at most.
  uint32_t concurrency = 64;
  /// Added to {id}.
  uint32_t id_base = 0;

  /// Churn: connections at a time, messages each, deliveries to wait for.
  uint32_t slots = 64;
  uint32_t messages = 5;
  uint32_t churn_receive = 0;
  /// rst, fin, mix or clean.
  std::string close_how = "rst";

  double warmup = 2;
  double duration = 8;
  double settle = 0.5;
  /// How long nothing may arrive before the rest counts as lost.
  double drain = 10;
  double hold = 5;
  double ready_timeout = 60;

  /// The server's processes, whose CPU time is measured.
  std::vector<int> server_pids;
  /// The core that the server runs on, whose total is measured; -1: none.
  int server_core = -1;
  /// The core that this process pins itself to; -1: any.
  int cpu = -1;
  /// Poll without sleeping.
  bool spin = false;
  /// One latency in so many is recorded.
  uint32_t latency_sample = 1;
  /// Do not track sequences.
  bool no_check = false;
  /// SO_RCVBUF; 0: the system's.
  int receive_buffer = 0;
};

/// Throws usage_error.
options parse_options(int argc, char** argv);

/// The longest read; a frame may be half of it.
inline constexpr size_t read_size = 1u << 20;

/// Resolves the escapes \r, \n and \\ of an option's text.
std::string unescape(const std::string& text);

} // namespace parlor::bench::wsload
