// SPDX-License-Identifier: MIT
#pragma once

#include "tests/actors/cluster_fixture.hpp"

#include <cstdint>
#include <random>
#include <stdexcept>

namespace parlor::test {

/// A cluster whose clients, links and failures are drawn from a seed, and what
/// must hold once it has come to rest.
struct shared_world : cluster_fixture {
  explicit shared_world(uint64_t seed);

  /// So many things happen.
  void play(size_t steps);

  /// All is mended, and comes to rest.
  void mend();

  /// What has to hold; throws what does not.
  void check();

  /// How often things happened.
  size_t kills = 0;
  size_t expulsions = 0;
  size_t confirmed = 0;
  size_t refused = 0;
  size_t resets = 0;

private:
  /// A client as its user sees it.
  struct person {
    client* is = nullptr;
    std::string name;
    size_t node = 0;
    /// What it was told by number, and what was not taken back.
    std::map<uint64_t, std::string> log;
    std::string epoch;
    uint64_t seq = 0;
    bool asked_in = false;
    bool joined = false;
    bool here = true;
    uint64_t asked = 0;
    /// Contents by the id of the request.
    std::map<uint64_t, std::string> open;
    /// The epoch of its join.
    parlor::epoch since;
    /// What was confirmed: its place and content.
    std::map<place, std::string> said;
  };

  uint64_t draw(uint64_t below) { return random_() % below; }
  void step();
  void arrive();
  void knock(person& x);
  void speak();
  void go();
  void lose_a_node();
  void bring_back();
  void drain();
  void shake();
  bool is_safe();
  void read(person& x);
  void read(person& x, const std::string& text);

  std::mt19937_64 random_;
  std::deque<person> people_;
  uint64_t contents_ = 0;
  /// Out, and does not know it yet.
  node* lost_ = nullptr;
};

} // namespace parlor::test
