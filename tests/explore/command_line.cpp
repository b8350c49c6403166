// SPDX-License-Identifier: MIT
#include "tests/explore/command_line.hpp"

#include "tests/explore/checks.hpp"
#include "tests/explore/explorer.hpp"
#include "tests/explore/scenarios.hpp"
#include "tests/support/argument_list.hpp"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace parlor::explore {

namespace {

constexpr const char* usage = R"(tests/explore/run [options]
  (none)             every scenario in every order
  --list             their names and scripts
  --scenario NAME    one of them; "seed-7" is the one that seed 7 draws
  --schedule 0,2,1   with --scenario: this order alone, telling each step
  --most N           with the two above: stop after so many orders
  --seeds N          so many orders drawn at random, of the scenarios and of
                     drawn ones
  --seed S           the first of these seeds (1)
  --until-found      succeed where something wrong is found
)";

struct options {
  bool list = false;
  bool until_found = false;
  std::optional<std::string> scenario;
  std::optional<schedule> way;
  size_t most = 1'000'000;
  uint64_t seeds = 0;
  uint64_t seed = 1;
};

options read(const std::vector<std::string>& arguments) {
  options result;
  for (test::argument_list rest{arguments}; !rest.done();) {
    auto& name = rest.next();
    if (name == "--list")
      result.list = true;
    else if (name == "--until-found")
      result.until_found = true;
    else if (name == "--scenario")
      result.scenario = rest.next();
    else if (name == "--schedule")
      result.way = to_schedule(rest.next());
    else if (name == "--most")
      result.most = std::stoul(rest.next());
    else if (name == "--seeds")
      result.seeds = std::stoull(rest.next());
    else if (name == "--seed")
      result.seed = std::stoull(rest.next());
    else
      throw std::invalid_argument{"unknown: " + name};
  }
  return result;
}

scenario named(const std::string& name) {
  if (name.starts_with("seed-"))
    return draw_scenario(std::stoull(name.substr(5)));
  auto found = std::ranges::find(scenarios(), name, &scenario::name);
  if (found == scenarios().end())
    throw std::invalid_argument{"no such scenario: " + name};
  return *found;
}

class session {
public:
  /// Whether something was wrong.
  bool found() const { return found_; }

  size_t schedules() const { return schedules_; }

  void whole(const scenario& what, size_t most) {
    auto begin = std::chrono::steady_clock::now();
    auto got = explorer_.explore(what, most);
    schedules_ += got.schedules;
    std::chrono::duration<double> took = std::chrono::steady_clock::now()
                                         - begin;
    std::cout << std::left << std::setw(28) << what.name << std::right
              << std::setw(8) << got.schedules << " orders"
              << (got.whole ? ", all" : "") << ", " << got.cut << " cut, "
              << std::fixed << std::setprecision(2) << took.count() << " s"
              << std::endl;
    if (got.bug)
      tell(what, *got.bug);
    else if (!got.whole)
      incomplete_ = true;
  }

  /// Whether a scenario was left before all its orders were tried.
  bool incomplete() const { return incomplete_; }

  void draw(uint64_t seed) {
    auto& all = scenarios();
    auto what = seed % 2 == 0 ? all[seed / 2 % all.size()]
                              : draw_scenario(seed);
    auto got = explorer_.draw(what, seed);
    schedules_ += got.schedules;
    if (!got.bug)
      return;
    std::cout << "seed " << seed << "\n";
    tell(what, *got.bug);
  }

  void replay(const scenario& what, const schedule& way) {
    auto got = explorer_.replay(what, way);
    ++schedules_;
    if (got.bug) {
      tell(what, *got.bug);
      return;
    }
    std::cout << "nothing is wrong\n";
  }

private:
  void tell(const scenario& what, const failure& x) {
    found_ = true;
    constexpr size_t tries = 1000;
    auto way = explorer_.shrink(what, x.way, tries);
    auto again = explorer_.replay(what, way);
    auto& wrong = again.bug ? again.bug->what : x.what;
    std::cout << "WRONG: " << wrong << "\n  " << to_string(what) << "\n";
    if (again.bug)
      for (auto& line : again.bug->told)
        std::cout << "    " << line << "\n";
    std::cout << "  replay: tests/explore/run --scenario " << what.name
              << " --schedule " << to_string(again.bug ? way : x.way)
              << std::endl;
  }

  explorer explorer_{check_end};
  size_t schedules_ = 0;
  bool found_ = false;
  bool incomplete_ = false;
};

void list() {
  for (auto& one : scenarios())
    std::cout << one.name << ": " << to_string(one)
              << (one.crashes > 0 ? "; a handler throws" : "") << "\n";
}

void work(const options& with, session& in) {
  if (with.way) {
    in.replay(named(with.scenario.value_or("")), *with.way);
    return;
  }
  if (with.scenario) {
    in.whole(named(*with.scenario), with.most);
    return;
  }
  if (with.seeds == 0 || with.until_found)
    for (auto& one : scenarios())
      if (!in.found())
        in.whole(one, with.most);
  for (uint64_t i = 0; i < with.seeds && !in.found(); ++i)
    in.draw(with.seed + i);
}

} // namespace

int run(const std::vector<std::string>& arguments) {
  try {
    auto with = read(arguments);
    if (with.list) {
      list();
      return 0;
    }
    session in;
    work(with, in);
    std::cout << in.schedules() << " schedules, "
              << (in.found() ? "one is wrong" : "all right") << std::endl;
    if (in.incomplete() && !with.scenario && !with.until_found) {
      std::cout << "not every order of every scenario was tried\n";
      return 1;
    }
    return in.found() == with.until_found ? 0 : 1;
  } catch (const std::invalid_argument& x) {
    std::cerr << x.what() << "\n" << usage;
    return 2;
  }
}

} // namespace parlor::explore
