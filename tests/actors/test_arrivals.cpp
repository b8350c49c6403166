// SPDX-License-Identifier: MIT
#include "actors/arrivals.hpp"

#include "tests/actors/interleaver.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

using namespace parlor;
using namespace parlor::test;

namespace {

/// `arrivals` as it was: whether there is something decides whether it looks.
template <class T, template <class> class Atomic>
class looking_first {
public:
  bool add(T what) {
    auto before = waiting_.load(std::memory_order_relaxed);
    while (!waiting_.compare_exchange_weak(before, before * 10 + what,
                                           std::memory_order_acq_rel,
                                           std::memory_order_relaxed))
      continue;
    return !awake_.exchange(true, std::memory_order_acq_rel);
  }

  void take(std::deque<T>& to) {
    if (waiting_.load(std::memory_order_relaxed) == 0)
      return;
    awake_.exchange(false, std::memory_order_acq_rel);
    auto first = to.size();
    for (auto all = waiting_.exchange(0, std::memory_order_acq_rel); all != 0;
         all /= 10)
      to.insert(to.begin() + static_cast<std::ptrdiff_t>(first), all % 10);
  }

private:
  Atomic<T> waiting_{0};
  Atomic<bool> awake_{false};
};

/// Some threads send numbers to one that sleeps when it has none, as a loop does.
template <class Box>
struct sleeper_and_senders {
  interleaver::bodies make(const std::vector<std::vector<int>>& numbers) {
    box = std::make_unique<Box>();
    wakes = 0;
    got.clear();
    size_t count = 0;
    interleaver::bodies result;
    for (auto& some : numbers) {
      count += some.size();
      result.push_back([this, some] {
        for (auto number : some)
          if (box->add(number)) {
            interleaver::step();
            ++wakes;
          }
      });
    }
    result.push_back([this, count] { sleep_and_take(count); });
    return result;
  }

  void sleep_and_take(size_t count) {
    while (got.size() < count) {
      auto before = got.size();
      box->take(got);
      if (got.size() == before)
        interleaver::wait([this] { return wakes > 0; });
      if (wakes > 0)
        --wakes;
    }
  }

  void check(const std::vector<std::vector<int>>& numbers) const {
    for (auto& some : numbers) {
      std::vector<int> heard;
      std::copy_if(
        got.begin(), got.end(), std::back_inserter(heard), [&](int x) {
          return std::find(some.begin(), some.end(), x) != some.end();
        });
      REQUIRE(heard == some);
    }
  }

  std::unique_ptr<Box> box;
  /// Of those that were sent, how many have not woken it yet.
  size_t wakes = 0;
  std::deque<int> got;
};

/// Whether all is taken, and in order, in whatever order the threads run.
template <class Box>
bool always_woken(interleaver& by,
                  const std::vector<std::vector<int>>& numbers) {
  sleeper_and_senders<Box> them;
  return by.run([&] { return them.make(numbers); },
                [&] { them.check(numbers); });
}

using real = arrivals<int, stepped>;

} // namespace

TEST_CASE("whatever comes wakes who sleeps, in every order") {
  interleaver one{4};
  CHECK(always_woken<real>(one, {{1, 2, 3}}));
  CHECK(one.runs() > 1000);
  interleaver two{3};
  CHECK(always_woken<real>(two, {{1, 2}, {3}}));
  CHECK(two.runs() > 1000);
}

TEST_CASE("a wake-up that is lost is found") {
  interleaver by{2};
  CHECK_FALSE(always_woken<looking_first<int, stepped>>(by, {{1, 2}}));
}
