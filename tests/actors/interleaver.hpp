// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace parlor::test {

/// Runs some threads one at a time, and tries every order of their steps in
/// which a thread that could go on is interrupted at most so many times (Musuvathi
/// and Qadeer, PLDI 2007). A step is up to the next operation on a `stepped`.
///
/// What it tries is sequentially consistent: what weaker orders of memory allow
/// besides is not seen here.
class interleaver {
public:
  explicit interleaver(size_t interruptions) : most_{interruptions} {}

  /// Threads of one run: called for each anew.
  using bodies = std::vector<std::function<void()>>;

  /// Runs all orders; false where in one of them some threads wait for ever.
  /// `check` is called after each run that came to its end.
  template <class Make, class Check>
  bool run(Make make, Check check) {
    do {
      ++runs_;
      if (!run_once(make()))
        return false;
      check();
    } while (next_plan());
    return true;
  }

  size_t runs() const { return runs_; }

  /// For the thread that runs: lets others have their turn, or not.
  static void step() {
    if (own_ != nullptr)
      own_->pause({});
  }

  /// The same, until something is so.
  static void wait(std::function<bool()> what) { own_->pause(std::move(what)); }

private:
  /// Thrown where a thread waits and nobody is left to end that.
  struct nobody_comes {};

  struct performer {
    std::function<bool()> waits_for;
    std::condition_variable has_turn;
    bool done = false;
  };

  struct choice {
    size_t made;
    size_t count;
  };

  bool run_once(bodies all) {
    performers_.clear();
    performers_.resize(all.size());
    steps_ = 0;
    interrupted_ = 0;
    turn_ = nobody;
    given_up_ = false;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < all.size(); ++i)
      threads.emplace_back([this, i, &body = all[i]] { perform(i, body); });
    {
      std::lock_guard guard{mutex_};
      pass_on();
    }
    for (auto& one : threads)
      one.join();
    return !given_up_;
  }

  void perform(size_t number, const std::function<void()>& body) {
    own_ = this;
    number_ = number;
    std::unique_lock guard{mutex_};
    try {
      await_turn(guard);
      guard.unlock();
      body();
      guard.lock();
      performers_[number].done = true;
      pass_on();
    } catch (const nobody_comes&) {
      // `run` tells it.
    }
    own_ = nullptr;
  }

  void pause(std::function<bool()> until) {
    std::unique_lock guard{mutex_};
    performers_[number_].waits_for = std::move(until);
    pass_on();
    await_turn(guard);
  }

  void await_turn(std::unique_lock<std::mutex>& guard) {
    auto& own = performers_[number_];
    own.has_turn.wait(guard, [this] { return turn_ == number_ || given_up_; });
    if (given_up_)
      throw nobody_comes{};
    own.waits_for = nullptr;
  }

  /// Gives the turn to whom the plan says; to nobody, where all wait.
  void pass_on() {
    auto ready = ready_ones(turn_);
    if (ready.empty()) {
      given_up_ = !std::all_of(performers_.begin(), performers_.end(),
                               [](auto& one) { return one.done; });
      for (auto& one : performers_)
        one.has_turn.notify_one();
      return;
    }
    auto interrupts = ready.front() == turn_;
    auto made = choose(!interrupts || interrupted_ < most_ ? ready.size() : 1);
    interrupted_ += interrupts && made != 0;
    turn_ = ready[made];
    performers_[turn_].has_turn.notify_one();
  }

  /// Who can go on; who had the turn comes first.
  std::vector<size_t> ready_ones(size_t last) const {
    std::vector<size_t> result;
    for (size_t i = 0; i < performers_.size(); ++i) {
      auto& one = performers_[i];
      if (!one.done && (!one.waits_for || one.waits_for()))
        result.insert(i == last ? result.begin() : result.end(), i);
    }
    return result;
  }

  size_t choose(size_t count) {
    if (steps_ == plan_.size())
      plan_.push_back({0, count});
    return plan_[steps_++].made;
  }

  bool next_plan() {
    while (!plan_.empty() && plan_.back().made + 1 == plan_.back().count)
      plan_.pop_back();
    if (plan_.empty())
      return false;
    ++plan_.back().made;
    return true;
  }

  static constexpr size_t nobody = static_cast<size_t>(-1);
  static inline thread_local interleaver* own_ = nullptr;
  static inline thread_local size_t number_ = nobody;

  const size_t most_;
  size_t runs_ = 0;
  std::vector<choice> plan_;
  std::mutex mutex_;
  std::deque<performer> performers_;
  size_t turn_ = nobody;
  size_t steps_ = 0;
  size_t interrupted_ = 0;
  /// All that are left wait for each other.
  bool given_up_ = false;
};

/// std::atomic, at whose operations an interleaver lets others come first.
template <class T>
class stepped {
public:
  stepped(T x) : value_{x} {}

  T load(std::memory_order) const {
    interleaver::step();
    return value_;
  }

  T exchange(T x, std::memory_order) {
    interleaver::step();
    return std::exchange(value_, x);
  }

  bool compare_exchange_weak(T& expected, T x, std::memory_order,
                             std::memory_order) {
    interleaver::step();
    if (value_ != expected) {
      expected = value_;
      return false;
    }
    value_ = x;
    return true;
  }

private:
  T value_;
};

} // namespace parlor::test
