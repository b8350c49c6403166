// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/options.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace parlor::bench::wsload {

namespace {

using text = std::string;

uint32_t whole(const text& value) {
  return static_cast<uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
}

int integer(const text& value) {
  return static_cast<int>(whole(value));
}

double number(const text& value) {
  return std::strtod(value.c_str(), nullptr);
}

std::vector<text> split(const text& list) {
  std::vector<text> parts;
  for (size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    if (end > begin)
      parts.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// 127.0.0.2 and up.
std::vector<text> loopback_sources(uint32_t count) {
  std::vector<text> addresses;
  for (uint32_t i = 2; i < count + 2; ++i)
    addresses.push_back("127.0." + std::to_string(i / 250) + "."
                        + std::to_string(i % 250));
  return addresses;
}

struct valued_option {
  std::string_view name;
  void (*set)(options&, const text&);
};

constexpr valued_option valued_options[] = {
  {"--mode", [](options& o, const text& v) { o.mode = v; }},
  {"--url", [](options& o, const text& v) { o.url = v; }},
  {"--label", [](options& o, const text& v) { o.label = v; }},
  {"--publish", [](options& o, const text& v) { o.publish = v; }},
  {"--send-on-open", [](options& o, const text& v) { o.on_open.push_back(v); }},
  {"--on-prefix", [](options& o, const text& v) { o.on_prefix.push_back(v); }},
  {"--text-reply",
   [](options& o, const text& v) { o.text_reply.push_back(v); }},
  {"--header", [](options& o, const text& v) { o.headers.push_back(v); }},
  {"--subprotocol", [](options& o, const text& v) { o.subprotocol = v; }},
  {"--expect-marker", [](options& o, const text& v) { o.stamp_marker = v; }},
  {"--ready-marker",
   [](options& o, const text& v) { o.ready_marker = unescape(v); }},
  {"--src", [](options& o, const text& v) { o.sources = split(v); }},
  {"--src-count",
   [](options& o, const text& v) { o.sources = loopback_sources(whole(v)); }},
  {"--rooms", [](options& o, const text& v) { o.rooms = whole(v); }},
  {"--members", [](options& o, const text& v) { o.members = whole(v); }},
  {"--publishers", [](options& o, const text& v) { o.publishers = whole(v); }},
  {"--window", [](options& o, const text& v) { o.window = whole(v); }},
  {"--window-by", [](options& o, const text& v) { o.window_by = v; }},
  {"--rounds", [](options& o, const text& v) { o.rounds = whole(v); }},
  {"--rate", [](options& o, const text& v) { o.rate = number(v); }},
  {"--batch-max", [](options& o, const text& v) { o.batch_max = whole(v); }},
  {"--pairs", [](options& o, const text& v) { o.pairs = whole(v); }},
  {"--conns", [](options& o, const text& v) { o.connections = whole(v); }},
  {"--concurrency",
   [](options& o, const text& v) { o.concurrency = whole(v); }},
  {"--id-base", [](options& o, const text& v) { o.id_base = whole(v); }},
  {"--slots", [](options& o, const text& v) { o.slots = whole(v); }},
  {"--messages", [](options& o, const text& v) { o.messages = whole(v); }},
  {"--churn-recv",
   [](options& o, const text& v) { o.churn_receive = whole(v); }},
  {"--close", [](options& o, const text& v) { o.close_how = v; }},
  {"--warmup", [](options& o, const text& v) { o.warmup = number(v); }},
  {"--duration", [](options& o, const text& v) { o.duration = number(v); }},
  {"--drain", [](options& o, const text& v) { o.drain = number(v); }},
  {"--settle", [](options& o, const text& v) { o.settle = number(v); }},
  {"--hold", [](options& o, const text& v) { o.hold = number(v); }},
  {"--ready-timeout",
   [](options& o, const text& v) { o.ready_timeout = number(v); }},
  {"--lat-sample",
   [](options& o, const text& v) { o.latency_sample = whole(v); }},
  {"--rcvbuf",
   [](options& o, const text& v) { o.receive_buffer = integer(v); }},
  {"--cpu", [](options& o, const text& v) { o.cpu = integer(v); }},
  {"--server-core",
   [](options& o, const text& v) { o.server_core = integer(v); }},
  {"--server-pid",
   [](options& o, const text& v) {
     for (const auto& pid : split(v))
       o.server_pids.push_back(std::atoi(pid.c_str()));
   }},
};

struct flag_option {
  std::string_view name;
  bool options::*flag;
};

constexpr flag_option flag_options[] = {
  {"--binary", &options::binary},
  {"--spin", &options::spin},
  {"--multi", &options::multi},
  {"--no-check", &options::no_check},
};

const valued_option* find_valued(std::string_view name) {
  for (const auto& option : valued_options)
    if (option.name == name)
      return &option;
  return nullptr;
}

void set_flag(options& result, const text& name) {
  for (const auto& option : flag_options)
    if (option.name == name) {
      result.*option.flag = true;
      return;
    }
  throw usage_error(usage
                    + (name == "--help" ? text{} : "unknown option " + name));
}

} // namespace

options parse_options(int argc, char** argv) {
  options result;
  for (int i = 1; i < argc; ++i) {
    const text name = argv[i];
    const auto* option = find_valued(name);
    if (option == nullptr) {
      set_flag(result, name);
      continue;
    }
    if (++i == argc)
      throw usage_error(name + " needs a value");
    option->set(result, argv[i]);
  }
  if (result.publishers == 0 || result.publishers > result.members)
    throw usage_error("publishers must be 1..members");
  return result;
}

std::string unescape(const std::string& in) {
  std::string out;
  for (size_t i = 0; i < in.size(); ++i) {
    const char next = in[i] == '\\' && i + 1 < in.size() ? in[i + 1] : '\0';
    if (next == 'r' || next == 'n' || next == '\\') {
      out += next == 'r' ? '\r' : next == 'n' ? '\n' : '\\';
      ++i;
    } else {
      out += in[i];
    }
  }
  return out;
}

} // namespace parlor::bench::wsload
