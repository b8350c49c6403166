// SPDX-License-Identifier: MIT
#include "actors/memory_pool.hpp"

#include <utility>

namespace parlor {

bool memory_pool::by_size::operator()(const memory_share* x,
                                      const memory_share* y) const {
  return x->charged_ != y->charged_ ? x->charged_ < y->charged_
                                    : x->number_ > y->number_;
}

void memory_pool::charge(memory_share& to, size_t bytes) {
  auto node = shares_.extract(&to);
  if (to.number_ == 0)
    to.number_ = ++numbered_;
  // This thread alone writes it.
  used_.store(used() + bytes - to.charged_, std::memory_order_relaxed);
  to.charged_ = bytes;
  if (bytes == 0)
    return;
  if (node.empty())
    shares_.insert(&to);
  else
    shares_.insert(std::move(node));
}

void memory_pool::settle(size_t most_in_all) {
  auto most = most_in_all / pools_;
  while (used() > most && !shares_.empty())
    if (auto& largest = **shares_.rbegin(); !largest.holder_.give_way())
      // Whatever was counted when there was no memory to count it.
      charge(largest, largest.bytes_ = 0);
}

} // namespace parlor
