// SPDX-License-Identifier: MIT
#include "transport/turn.hpp"

#include "transport/outbox.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

namespace parlor::transport {

turn::turn() : scratch_(scratch_bytes) {}

turn::index turn::keep(const frame& what) {
  // There is always room for a compressed form beside it.
  if (frames_.size() + 2 > max_frames)
    flush();
  return place_of(what);
}

turn::index turn::keep_beside(const frame& form) {
  return place_of(form);
}

turn::index turn::place_of(const frame& what) {
  auto size = frames_.size();
  for (size_t i = size; i > 0 && i + 2 > size; --i)
    if (frames_[i - 1].bytes().data() == what.bytes().data())
      return static_cast<index>(i - 1);
  frames_.push_back(what);
  return static_cast<index>(size);
}

std::string_view turn::gather_many(std::span<const index> what,
                                   size_t& taken) noexcept {
  taken = what.size();
  if (what.size() == gathered_count_
      && std::equal(what.begin(), what.end(), gathered_.begin()))
    return {scratch_.data(), gathered_bytes_};
  taken = 0;
  size_t size = 0;
  for (auto i : what) {
    auto next = bytes(i);
    if (taken == 0 && next.size() > scratch_.size()) {
      taken = 1;
      return next;
    }
    if (size + next.size() > scratch_.size())
      break;
    std::memcpy(scratch_.data() + size, next.data(), next.size());
    size += next.size();
    gathered_[taken++] = i;
  }
  gathered_count_ = taken;
  gathered_bytes_ = size;
  return {scratch_.data(), size};
}

void turn::limit(size_t most, std::function<void()> relieve) {
  most_held_ = most;
  relieve_ = std::move(relieve);
}

void turn::relieve() noexcept {
  if (std::exchange(relieving_, true))
    return;
  try {
    relieve_();
  } catch (const std::exception&) {
    // Whoever stores next tries again.
  }
  relieving_ = false;
}

void turn::flush() noexcept {
  // Not a range: an outbox in trouble closes, which marks it again.
  for (size_t i = 0; i < dirty_.size(); ++i)
    dirty_[i]->end_of_turn();
  dirty_.clear();
  frames_.clear();
  gathered_count_ = 0;
  if (!said_.empty())
    count_fanouts();
}

void turn::time_fanout(clock::time_point said) {
  if (said_.size() == max_frames)
    flush();
  said_.push_back(said);
}

void turn::count_fanouts() noexcept {
  auto now = clock::now();
  for (auto said : said_)
    counts_.fanout.add(now - said);
  said_.clear();
}

} // namespace parlor::transport
