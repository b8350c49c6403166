// SPDX-License-Identifier: MIT
#include "tests/explore/scenarios.hpp"

#include <array>
#include <chrono>
#include <random>

namespace parlor::explore {

namespace {

/// Numbers from a seed, the same on every machine.
class dice {
public:
  explicit dice(uint64_t seed) : random_{seed} {}

  size_t below(size_t x) { return random_() % x; }

  bool chance(size_t one_in) { return below(one_in) == 0; }

  template <size_t N>
  const char* pick(const std::array<const char*, N>& from) {
    return from[below(N)];
  }

  std::string room() { return pick(std::array{"r", "r", "s"}); }

  std::string user() { return pick(std::array{"ann", "bob", "carol"}); }

private:
  std::mt19937_64 random_;
};

std::string chat(dice& random, size_t number) {
  // The same key is for the same message.
  if (random.chance(4))
    return " 99 in " + random.room() + " keyed k";
  return " " + std::to_string(number) + " in " + random.room();
}

std::string deed_of(dice& random, size_t number) {
  switch (random.below(14)) {
    case 0:
    case 1:
      return "joins " + random.room();
    case 2:
      return "joins " + random.room() + " since 1";
    case 3:
      return "joins " + random.room() + " rewinding 2";
    case 4:
    case 5:
      return "leaves " + random.room();
    case 6:
      return "whispers 1 to " + random.user();
    case 7:
      if (random.chance(3))
        return "asks history of " + random.room();
      if (random.chance(3))
        return "says" + chat(random, number) + " without me";
      return "asks members of " + random.room();
    case 8:
      if (random.chance(3))
        return "joins " + random.room() + " with presence";
      return "shows " + std::to_string(number) + " in " + random.room();
    case 9:
      return "signals in " + random.room();
    default:
      return "says" + chat(random, number);
  }
}

std::string life_of(const std::string& who, bool is_in, dice& random,
                    size_t& number) {
  std::string result;
  auto add = [&](const std::string& what) {
    result += (result.empty() ? "" : ", ") + who + " " + what;
  };
  if (!is_in)
    add(std::string{random.chance(2) ? "connects"
                                     : "connects to " + random.room()}
        + (random.chance(6) ? " as action" : ""));
  for (auto deeds = 1 + random.below(5); deeds > 0; --deeds)
    add(deed_of(random, ++number));
  if (random.chance(3))
    add(random.chance(2) ? "vanishes" : "hangs up");
  return result;
}

std::string admin_deed(dice& random, size_t number) {
  auto text = std::to_string(number);
  switch (random.below(6)) {
    case 0:
      return "admin kicks " + random.user();
    case 1:
      return "admin broadcasts " + text;
    case 2:
      return "admin sends " + text + " to " + random.user();
    case 3:
      if (random.chance(8))
        return "node closes";
      if (random.chance(2))
        return "time passes 100ms";
      return "time passes " + std::to_string(1 + random.below(4)) + "s";
    case 4:
      return "time passes 6min";
    default:
      return "admin posts " + text + " to " + random.room();
  }
}

std::function<void(limits&)> draw_limits(dice& random) {
  auto per_user = random.below(3);
  auto members = random.chance(4) ? 2 : 0;
  auto rooms = random.chance(4) ? 2 : 100;
  auto grace = random.chance(3) ? 2 : 0;
  auto size = std::array{0, 2, 256}[random.below(3)];
  auto rejects = random.chance(3);
  return [=](limits& x) {
    x.max_connections_per_user = std::array{1, 2, 5}[per_user];
    x.members_per_room = size_t(members);
    x.rooms = size_t(rooms);
    x.presence_grace = std::chrono::seconds{grace};
    x.history_size = size_t(size);
    if (rejects)
      x.policy = per_user_policy::reject_new;
  };
}

} // namespace

scenario draw_scenario(uint64_t seed) {
  dice random{seed};
  scenario result;
  result.name = "seed-" + std::to_string(seed);
  std::string before;
  std::string together;
  size_t number = 0;
  for (auto* who : {"ann", "bob", "carol", "ann2", "bob2"}) {
    if (random.chance(4))
      continue;
    auto is_in = random.chance(2);
    if (is_in)
      before += (before.empty() ? "" : ", ") + std::string{who}
                + " connects to r";
    together += (together.empty() ? "" : " | ")
                + life_of(who, is_in, random, number);
  }
  auto groups = together.empty() ? 1 : random.below(3);
  for (; groups > 0; --groups) {
    together += (together.empty() ? "" : " | ") + admin_deed(random, ++number);
    if (random.chance(2))
      together += ", " + admin_deed(random, ++number);
  }
  result.before = read_steps(before);
  result.together = read_together(together);
  result.within = draw_limits(random);
  result.crashes = random.below(2);
  return result;
}

} // namespace parlor::explore
