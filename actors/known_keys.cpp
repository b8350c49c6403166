// SPDX-License-Identifier: MIT
#include "actors/known_keys.hpp"

#include <utility>

namespace parlor {

namespace {

/// A user's name has no control characters.
constexpr char separator = '\n';

/// One text for both.
std::string name_of(const user_id& user, const std::string& key) {
  return user.str() + separator + key;
}

} // namespace

std::optional<place> known_keys::find(const user_id& user,
                                      const std::string& key,
                                      clock::time_point now) {
  expire(now);
  auto found = places_.find(name_of(user, key));
  if (found == places_.end())
    return std::nullopt;
  return found->second;
}

void known_keys::add(const user_id& user, const std::string& key,
                     const place& at, clock::time_point now) {
  auto [added, is_new] = places_.emplace(name_of(user, key), at);
  if (!is_new)
    return;
  order_.push_back({now, &added->first});
  share_.grow(weight(added->first));
  while (size() > max_keys)
    pop();
  share_.settle(within_.history_total_bytes);
}

bool known_keys::give_way() {
  if (empty())
    return false;
  pop();
  return true;
}

std::vector<proceedings::keyed> known_keys::all(clock::time_point now) const {
  using std::chrono::milliseconds, std::chrono::duration_cast;
  std::vector<proceedings::keyed> result;
  for (auto& x : order_) {
    if (x.entered + key_ttl <= now)
      continue;
    auto end = x.name->find(separator);
    auto age = duration_cast<milliseconds>(now - x.entered).count();
    result.push_back({user_id{x.name->substr(0, end)}, x.name->substr(end + 1),
                      places_.at(*x.name), static_cast<uint32_t>(age)});
  }
  return result;
}

void known_keys::restore(const std::vector<proceedings::keyed>& those,
                         clock::time_point now) {
  truncate(0);
  for (auto& x : those)
    add(x.sender, x.key, x.at, now - std::chrono::milliseconds{x.age});
}

void known_keys::truncate(uint64_t seq) {
  while (!empty()) {
    auto found = places_.find(*order_.back().name);
    if (found->second.seq <= seq)
      return;
    share_.shrink(weight(found->first));
    order_.pop_back();
    places_.erase(found);
  }
}

void known_keys::expire(clock::time_point now) {
  while (!empty() && order_.front().entered + key_ttl <= now)
    pop();
}

std::optional<known_keys::clock::time_point> known_keys::end() const {
  if (empty())
    return std::nullopt;
  return order_.back().entered + key_ttl;
}

void known_keys::pop() {
  auto found = places_.find(*order_.front().name);
  share_.shrink(weight(found->first));
  order_.pop_front();
  places_.erase(found);
}

/// With the two containers' own, about.
size_t known_keys::weight(const std::string& name) {
  constexpr size_t node = 64;
  return sizeof(record) + sizeof(std::string) + sizeof(place) + node
         + name.capacity();
}

} // namespace parlor
