// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace parlor::transport {

/// What lives on one I/O thread, by id: a slot map without hashing. A slot is
/// used again, its generation is not, so an id that is gone is recognised.
/// `T` converts to false when it holds nothing. Not thread-safe.
template <class T>
class connection_table {
public:
  /// The generation that each slot begins with is not 0.
  explicit connection_table(uint8_t thread, uint32_t first_generation = 1)
    : first_generation_{first_generation}, thread_{thread} {}

  /// Takes a value in under a new id; the empty id where the table is full.
  connection_id insert(T what) {
    if (free_.empty()) {
      if (places_.size() > max_slot)
        return {};
      free_.reserve(places_.size() + 1);
      auto slot = static_cast<uint32_t>(places_.size());
      places_.push_back({{}, {thread_, slot, first_generation_}});
      free_.push_back(slot);
    }
    auto& place = places_[free_.back()];
    free_.pop_back();
    place.what = std::move(what);
    ++size_;
    return place.id;
  }

  /// The value of this id, or nullptr where it is gone or was never ours.
  T* find(connection_id id) noexcept {
    if (id.slot() >= places_.size())
      return nullptr;
    auto& place = places_[id.slot()];
    return place.id == id && place.what ? &place.what : nullptr;
  }

  const T* find(connection_id id) const noexcept {
    return const_cast<connection_table*>(this)->find(id);
  }

  /// Takes a value out and returns it; an empty one where the id is gone.
  T extract(connection_id id) noexcept {
    auto* found = find(id);
    if (!found)
      return {};
    auto& place = places_[id.slot()];
    auto result = std::exchange(place.what, T{});
    --size_;
    place.id = {thread_, id.slot(), id.generation() + 1};
    // A slot that has used up its generations is never used again. There is
    // room: insert reserved it.
    if (place.id.generation() != std::numeric_limits<uint32_t>::max())
      free_.push_back(id.slot());
    return result;
  }

  size_t size() const noexcept { return size_; }

  /// Calls `f` with each value; `f` must not insert.
  template <class F>
  void for_each(F f) {
    for (auto& place : places_)
      if (place.what)
        f(place.what);
  }

private:
  static constexpr size_t max_slot = 0xFFFFFF;

  struct entry {
    T what;
    /// Of what is in here, or will be next.
    connection_id id;
  };

  uint32_t first_generation_;

  std::vector<entry> places_;
  std::vector<uint32_t> free_;
  size_t size_ = 0;
  uint8_t thread_;
};

} // namespace parlor::transport
