// SPDX-License-Identifier: MIT
#pragma once

#include "messages/limits.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::explore {

/// What happens to a node from outside, one thing at a time.
enum class verb {
  connects,
  joins,
  leaves,
  says,
  whispers,
  asks,
  signals,
  shows,
  hangs_up,
  vanishes,
  // Through the HTTP API.
  kicks,
  drops,
  posts,
  sends,
  broadcasts,
  // Everything's clock.
  passes,
  // The node is to close.
  closes,
};

/// One sentence of a script: a subject, a verb, mostly an object, and what
/// comes behind prepositions: "ann says 1 in r keyed k".
struct step {
  /// A client, "admin", "time" or "node".
  std::string who;
  verb what;
  std::string object;
  /// By preposition. Some stand for themselves: "with presence".
  std::map<std::string, std::string> more;
  /// As it was written.
  std::string text;

  std::string of(const char* preposition) const;

  bool has(const char* preposition) const { return more.contains(preposition); }

  /// Whether a client does this by a frame.
  bool is_frame() const { return verb::joins <= what && what <= verb::shows; }

  bool is_client() const { return what <= verb::vanishes; }
};

/// What happens one after the other.
using steps = std::vector<step>;

/// A short story whose end must be right in whatever order its parts happen.
/// First `before` happens, each step when all is quiet; then all that is in
/// `together`, at the same time.
struct scenario {
  std::string name;
  steps before;
  std::vector<steps> together;
  /// Sets the limits of its node.
  std::function<void(limits&)> within;
  /// How many handlers may throw.
  size_t crashes = 0;
};

/// Reads steps that are separated by commas. Throws `std::invalid_argument`.
steps read_steps(std::string_view text);

/// Reads groups of steps that are separated by bars. What a client does is in
/// one group alone: its frames come one after the other.
std::vector<steps> read_together(std::string_view text);

/// The script as it was written.
std::string to_string(const scenario& x);

/// The user of a client: its name without digits. "ann" and "ann2" are two
/// connections of one user.
std::string user_of(const std::string& client);

/// The frame by which a client does this; `epoch` is that of the place in
/// "since".
std::string frame_of(const step& x, size_t request, const std::string& epoch);

} // namespace parlor::explore
