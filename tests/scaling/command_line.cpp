// SPDX-License-Identifier: MIT
#include "tests/scaling/command_line.hpp"

#include "tests/scaling/changes.hpp"
#include "tests/scaling/publishes.hpp"
#include "tests/support/argument_list.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace parlor::scaling {

namespace {

constexpr const char* usage = R"(scaling [options]
  Counts what clusters in one process send and use, as tables of Markdown.
  --publishes        what a message to a room costs
  --changes          what opening rooms, and another view, cost
  --placing          what finding a room's home takes
  --nodes 1,3,10     clusters of these sizes (1,2,3,10,30,100)
  --rooms N          so many rooms in --changes (10000)
  --spread N         members of each of them on so many nodes (3)
)";

struct options {
  bool publishes = false;
  bool changes = false;
  bool placing = false;
  std::vector<size_t> nodes{1, 2, 3, 10, 30, 100};
  size_t rooms = 10000;
  size_t spread = 3;
};

/// 1 and up.
size_t to_number(const std::string& text) {
  size_t result = 0;
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, result);
  if (read.ec != std::errc{} || read.ptr != end || result == 0)
    throw std::invalid_argument{"no number above 0: " + text};
  return result;
}

std::vector<size_t> to_numbers(const std::string& text) {
  std::vector<size_t> result;
  std::istringstream parts{text};
  for (std::string part; std::getline(parts, part, ',');)
    result.push_back(to_number(part));
  return result;
}

options read(const std::vector<std::string>& arguments) {
  options result;
  for (test::argument_list rest{arguments}; !rest.done();) {
    auto& name = rest.next();
    if (name == "--publishes")
      result.publishes = true;
    else if (name == "--changes")
      result.changes = true;
    else if (name == "--placing")
      result.placing = true;
    else if (name == "--nodes")
      result.nodes = to_numbers(rest.next());
    else if (name == "--rooms")
      result.rooms = to_number(rest.next());
    else if (name == "--spread")
      result.spread = to_number(rest.next());
    else
      throw std::invalid_argument{"unknown option " + name};
  }
  return result;
}

double milliseconds(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e6;
}

double ratio(uint64_t x, size_t y) {
  return static_cast<double>(x) / static_cast<double>(y);
}

void show_publishes(const options& chosen) {
  constexpr size_t rooms = 100;
  std::puts("| nodes | members on | in flight | envelopes | proposal | decision"
            " | ack | mark | bytes | frames | CPU, µs |\n"
            "|---|---|---|---|---|---|---|---|---|---|---|");
  for (auto nodes : chosen.nodes) {
    counted_cluster all{nodes};
    for (size_t spread : {1, 3, 10, 100}) {
      if (spread > nodes)
        break;
      auto them = names("on-" + std::to_string(spread) + "-", rooms);
      all.open_rooms(them, spread);
      for (size_t in_flight : {1, 10, 100}) {
        auto cost = speak(all, them, spread, in_flight);
        auto each = [&](uint64_t x) { return ratio(x, cost.published); };
        std::printf(
          "| %zu | %zu | %zu | %.2f | %.2f | %.2f | %.2f | %.2f |"
          " %.0f | %.2f | %.1f |\n",
          nodes, spread, in_flight, each(cost.sent.of_rooms()),
          each(cost.sent[kind::proposal]), each(cost.sent[kind::decision]),
          each(cost.sent[kind::ack]), each(cost.sent[kind::mark]),
          each(cost.sent.bytes_of_rooms()), each(cost.sent.frames),
          milliseconds(cost.cpu) * 1e3 / static_cast<double>(cost.published));
        std::fflush(stdout);
      }
    }
  }
}

void show(size_t nodes, const char* what, const change_cost& x) {
  auto shown = [&](kind which) {
    return std::to_string(x.sent[which]) + " " + std::string{to_string(which)};
  };
  std::string most;
  for (size_t i = 0; i < size_t(kind::user); ++i)
    if (x.sent.envelopes[i] > 0)
      most += (most.empty() ? "" : ", ") + shown(static_cast<kind>(i));
  std::printf("| %zu | %s | %zu | %zu | %zu | %.2f | %.0f | %.1f | %s |\n",
              nodes, what, x.homes, x.standbys, size_t(x.sent.of_rooms()),
              ratio(x.sent.bytes_of_rooms(), 1u << 20), milliseconds(x.cpu),
              milliseconds(x.cpu) / static_cast<double>(nodes), most.c_str());
  std::fflush(stdout);
}

void show_changes(const options& chosen) {
  std::puts("| nodes | what happens | homes moved | standbys moved | envelopes"
            " | MiB | CPU of all, ms | of a node, ms | which |\n"
            "|---|---|---|---|---|---|---|---|---|");
  auto rooms = names("room-", chosen.rooms);
  for (auto nodes : chosen.nodes) {
    counted_cluster all{nodes};
    auto spread = std::min(nodes, chosen.spread);
    show(nodes, "all rooms open",
         change(all, rooms, [&] { all.open_rooms(rooms, spread); }));
    if (nodes == 1)
      continue;
    show(nodes, "nothing: another view of the same",
         change(all, rooms, [&] { all.look_again(); }));
    show(nodes, "a node drains",
         change(all, rooms, [&] { all.drain(nodes - 1, true); }));
    all.drain(nodes - 1, false);
    show(nodes, "a node crashes",
         change(all, rooms, [&] { all.crash(nodes - 1); }));
    show(nodes, "a node comes",
         change(all, rooms, [&] { all.come_back(nodes - 1); }));
  }
}

void show_placing(const options& chosen) {
  std::puts("| nodes | home and standby of a room, ns |\n|---|---|");
  for (auto nodes : chosen.nodes)
    std::printf("| %zu | %lld |\n", nodes,
                static_cast<long long>(cost_of_placing(nodes).count()));
}

} // namespace

int run(const std::vector<std::string>& arguments) try {
  auto chosen = read(arguments);
  if (!chosen.publishes && !chosen.changes && !chosen.placing) {
    std::cerr << usage;
    return 2;
  }
  if (chosen.placing)
    show_placing(chosen);
  if (chosen.publishes)
    show_publishes(chosen);
  if (chosen.changes)
    show_changes(chosen);
  return 0;
} catch (const std::invalid_argument& wrong) {
  std::cerr << "scaling: " << wrong.what() << '\n' << usage;
  return 2;
} catch (const std::exception& wrong) {
  std::cerr << "scaling: " << wrong.what() << '\n';
  return 1;
}

} // namespace parlor::scaling
