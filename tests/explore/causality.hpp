// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace parlor::explore {

/// A turn of an actor as others may know of it: the how manieth of its turns,
/// and how many turns of each actor led to it. A vector clock.
class moment {
public:
  moment() = default;

  /// Whether this one led to the other, or is the same.
  bool led_to(const moment& x) const {
    return count_ > 0 && x.known(actor_) >= count_;
  }

  /// The next turn of an actor, whose last one this was, brought about by
  /// another.
  moment next(size_t actor, const moment& by) const {
    auto known = all_ ? *all_ : std::vector<unsigned>{};
    if (by.all_) {
      known.resize(std::max(known.size(), by.all_->size()));
      for (size_t i = 0; i < by.all_->size(); ++i)
        known[i] = std::max(known[i], (*by.all_)[i]);
    }
    known.resize(std::max(known.size(), actor + 1));
    moment result;
    result.actor_ = actor;
    result.count_ = ++known[actor];
    result.all_ = std::make_shared<const std::vector<unsigned>>(
      std::move(known));
    return result;
  }

private:
  unsigned known(size_t actor) const {
    return all_ && actor < all_->size() ? (*all_)[actor] : 0;
  }

  size_t actor_ = 0;
  unsigned count_ = 0;
  std::shared_ptr<const std::vector<unsigned>> all_;
};

} // namespace parlor::explore
