// SPDX-License-Identifier: MIT
#pragma once

#include "tests/actors/cluster_fixture.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace parlor::explore {

/// What does not hold.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Three whole nodes in one process, with all their actors, to which things
/// happen that a seed draws. Between any two of them a message may be handled, an
/// envelope arrive, or time pass.
class nodes_world : protected test::cluster_fixture {
public:
  explicit nodes_world(uint64_t seed) : random_{seed} {}
  virtual ~nodes_world() = default;

  /// What is drawn happens, then all is mended and comes to rest.
  virtual void play() = 0;

  /// Throws a `violation` where something is wrong at rest.
  virtual void check() = 0;

  /// What has failed and was mended, in this order.
  const std::vector<std::string>& told() const noexcept { return told_; }

  /// How often each kind of thing has happened.
  const std::map<std::string, size_t>& counts() const noexcept {
    return counts_;
  }

protected:
  uint64_t draw(uint64_t below) { return random_() % below; }

  node& any() { return nodes[draw(nodes.size())]; }

  void count(const std::string& what) { ++counts_[what]; }

  void note(const std::string& what, const node& at) {
    count(what);
    told_.push_back(what + ": " + at.id.str());
  }

  /// The link between two nodes, perhaps, is lost, and there again.
  void blink();

  /// As in the fixture, but throws a `violation` where envelopes cause others
  /// without end.
  void deliver_all();
  void settle(int beats = 8);

private:
  std::mt19937_64 random_;
  std::vector<std::string> told_;
  std::map<std::string, size_t> counts_;
};

} // namespace parlor::explore
