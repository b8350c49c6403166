// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <utility>

namespace parlor {

/// What comes to one thread from others, and whether that thread has to be woken
/// for it: a lock-free stack, and a flag that says that something has come since
/// the last look. Then a wake-up is on its way, and what comes now needs none.
///
/// `Atomic` is another one where every interleaving is tried
/// (tests/actors/test_arrivals.cpp).
template <class T, template <class> class Atomic = std::atomic>
class arrivals {
public:
  arrivals() = default;

  arrivals(const arrivals&) = delete;
  arrivals& operator=(const arrivals&) = delete;

  ~arrivals() {
    std::deque<T> nobodys;
    take_from(newest_.exchange(nullptr, std::memory_order_acquire), nobodys);
  }

  /// Whether the caller has to wake the thread. Thread-safe.
  bool add(T what) {
    auto* added = new arrival{what, newest_.load(std::memory_order_relaxed)};
    while (!newest_.compare_exchange_weak(
      added->next, added, std::memory_order_acq_rel, std::memory_order_relaxed))
      continue;
    return !awake_.exchange(true, std::memory_order_acq_rel);
  }

  /// Appends all that has come, in order. To be called after each wake-up, on the
  /// thread that is woken.
  void take(std::deque<T>& to) {
    // Not: whether something is there. What is taken before its sender says
    // `true` would leave that behind, and who comes next would wake nobody.
    if (!awake_.load(std::memory_order_relaxed))
      return;
    // The order matters: what comes after this line wakes again. A
    // read-modify-write, so that it synchronises with all that saw `true`.
    awake_.exchange(false, std::memory_order_acq_rel);
    take_from(newest_.exchange(nullptr, std::memory_order_acq_rel), to);
  }

private:
  struct arrival {
    T what;
    arrival* next;
  };

  static void take_from(arrival* newest, std::deque<T>& to) {
    auto first = to.size();
    while (newest != nullptr) {
      to.push_back(newest->what);
      delete std::exchange(newest, newest->next);
    }
    std::reverse(to.begin() + static_cast<std::ptrdiff_t>(first), to.end());
  }

  Atomic<arrival*> newest_{nullptr};
  Atomic<bool> awake_{false};
};

} // namespace parlor
