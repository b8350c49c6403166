// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"
#include "tests/explore/nodes/users_world.hpp"
#include "tests/explore/nodes/whole_world.hpp"
#include "tests/support/argument_list.hpp"

#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace parlor::explore;

namespace {

constexpr const char* usage = R"(tests/explore/run --nodes [options]
  --world NAME       rooms, users or whole; all of them without it
  --all              goes on, and tells each that is wrong
  --seeds N          so many worlds of each are drawn (300)
  --seed S           the first of these seeds (1); of one world it is told what
                     failed and was mended
  --until-found      succeed where something wrong is found
)";

struct options {
  std::vector<std::string> worlds{"rooms", "users", "whole"};
  uint64_t seeds = 300;
  uint64_t seed = 1;
  bool until_found = false;
  bool all = false;
};

options read(std::vector<std::string> arguments) {
  options result;
  for (parlor::test::argument_list rest{std::move(arguments)}; !rest.done();) {
    auto& name = rest.next();
    if (name == "--until-found")
      result.until_found = true;
    else if (name == "--all")
      result.all = true;
    else if (name == "--seeds")
      result.seeds = std::stoull(rest.next());
    else if (name == "--seed")
      result.seed = std::stoull(rest.next());
    else if (name == "--world")
      result.worlds = {rest.next()};
    else
      throw std::invalid_argument{"unknown: " + name};
  }
  return result;
}

std::unique_ptr<nodes_world> make(const std::string& name, uint64_t seed) {
  if (name == "rooms")
    return std::make_unique<rooms_world>(seed);
  if (name == "users")
    return std::make_unique<users_world>(seed);
  if (name == "whole")
    return std::make_unique<whole_world>(seed);
  throw std::invalid_argument{"no such world: " + name};
}

/// What is wrong in one of them, if something is.
std::optional<std::string> play(const std::string& name, uint64_t seed,
                                std::map<std::string, size_t>& counts,
                                bool tells) {
  auto world = make(name, seed);
  std::optional<std::string> result;
  try {
    world->play();
    world->check();
  } catch (const std::exception& x) {
    result = x.what();
  }
  for (auto& [what, many] : world->counts())
    counts[what] += many;
  if (tells)
    for (auto& line : world->told())
      std::cout << "    " << line << "\n";
  return result;
}

/// Whether something was wrong.
bool explore(const std::string& name, const options& with) {
  std::map<std::string, size_t> counts;
  size_t wrongs = 0;
  for (auto seed = with.seed; seed < with.seed + with.seeds; ++seed) {
    auto wrong = play(name, seed, counts, with.seeds == 1);
    if (!wrong)
      continue;
    std::cout << "WRONG: " << *wrong << "\n  replay: tests/explore/run --nodes"
              << " --world " << name << " --seed " << seed << " --seeds 1"
              << std::endl;
    ++wrongs;
    if (!with.all)
      return true;
  }
  if (wrongs > 0) {
    std::cout << wrongs << " of " << with.seeds << " are wrong\n";
    return true;
  }
  std::cout << with.seeds << " worlds of " << name << ", all right";
  for (auto& [what, many] : counts)
    std::cout << ", " << what << " " << many;
  std::cout << std::endl;
  return false;
}

} // namespace

/// 0 where all was right, 1 where a world was wrong, 2 where it was called
/// wrongly.
int main(int argc, char** argv) {
  try {
    auto with = read({argv + 1, argv + argc});
    auto found = false;
    for (auto& name : with.worlds)
      found = found || explore(name, with);
    return found == with.until_found ? 0 : 1;
  } catch (const std::invalid_argument& x) {
    std::cerr << x.what() << "\n" << usage;
    return 2;
  }
}
