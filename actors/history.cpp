// SPDX-License-Identifier: MIT
#include "actors/history.hpp"

#include "messages/wire/encode.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parlor {

namespace {

/// What the allocator and the counter of a shared block take beside it.
constexpr size_t block_overhead = 48;

size_t heap_of(const std::string& x) {
  return x.capacity() > std::string{}.capacity() ? x.capacity() + 1 : 0;
}

size_t heap_of(const frame& x) {
  return x.empty() ? 0 : x.bytes().size() + block_overhead;
}

} // namespace

history::history(room_name room, const parlor::epoch& opening,
                 const limits& within, std::shared_ptr<memory_pool> pool)
  : room_{std::move(room)},
    within_{within},
    share_{std::move(pool), *this},
    before_{opening, 0} {}

// -- adding --------------------------------------------------------------------

void history::add(const parlor::epoch& in, event::chat&& what,
                  const frames& said, clock::time_point now) {
  published_ = true;
  add({{in, what.seq},
       now,
       what.at,
       std::move(what.sender),
       std::move(what.content),
       said,
       kind::chat,
       departure::left,
       false,
       what.from_api});
}

void history::add(const parlor::epoch& in, event::left&& what,
                  const frames& said, clock::time_point now) {
  add({{in, what.seq},
       now,
       {},
       std::move(what.user),
       {},
       said,
       kind::left,
       what.reason});
}

void history::add(const parlor::epoch& in, event::joined&& what, bool silent,
                  clock::time_point now) {
  add({{in, what.seq},
       now,
       {},
       std::move(what.user),
       {},
       {},
       kind::joined,
       departure::left,
       silent});
}

void history::add(entry&& x) {
  constexpr size_t first_capacity = 4;
  if (within_.history_size == 0) {
    before_ = x.at;
    return;
  }
  expire(x.entered);
  if (entries_.full())
    reserve(std::max(first_capacity, 2 * entries_.capacity()));
  chats_ += x.what == kind::chat;
  x.weight = weight(x);
  share_.grow(x.weight);
  entries_.push_back(std::move(x));
  trim();
}

// -- asking --------------------------------------------------------------------

std::optional<std::vector<frame>> history::since(const place& known, dialect to,
                                                 clock::time_point now) {
  expire(now);
  auto first = entries_.begin();
  if (known != before_) {
    first = behind(known);
    if (first == entries_.begin())
      return std::nullopt;
  }
  std::vector<frame> result;
  result.reserve(static_cast<size_t>(entries_.end() - first));
  for (; first != entries_.end(); ++first)
    if (auto& text = frame_of(*first, to); !text.empty())
      result.push_back(text);
  trim();
  return result;
}

/// The entry after this place; the first one where the place is not known.
boost::circular_buffer<history::entry>::iterator
history::behind(const place& known) {
  if (std::ranges::find(openings_, known) != openings_.end())
    return std::ranges::upper_bound(entries_, known.seq, {},
                                    [](const entry& x) { return x.at.seq; });
  auto found = std::ranges::lower_bound(entries_, known, {}, &entry::at);
  if (found == entries_.end() || found->at != known)
    return entries_.begin();
  return std::next(found);
}

std::vector<frame> history::chats(uint64_t before, uint64_t most, dialect to,
                                  clock::time_point now) {
  expire(now);
  std::vector<frame> result;
  for (auto x = entries_.rbegin(); x != entries_.rend(); ++x) {
    if (result.size() >= most)
      break;
    if (x->what == kind::chat && x->at.seq < before)
      result.push_back(frame_of(*x, to));
  }
  std::ranges::reverse(result);
  trim();
  return result;
}

const frame& history::frame_of(entry& x, dialect to) {
  auto& result = x.said[to];
  if (result.empty()) {
    result = encode(x, to);
    x.weight += heap_of(result);
    share_.grow(heap_of(result));
  }
  return result;
}

frame history::encode(const entry& x, dialect to) const {
  switch (x.what) {
    case kind::chat:
      return wire::encode(
        event::chat{room_, x.user, x.content, x.time, x.at.seq, x.from_api},
        to);
    case kind::left:
      return wire::encode(event::left{room_, x.user, x.reason, x.at.seq}, to);
    case kind::joined:
      break;
  }
  if (x.silent && to == dialect::text)
    return {};
  return wire::encode(event::joined{room_, x.user, {}, x.at.seq}, to);
}

std::optional<history::clock::time_point> history::end() const {
  if (entries_.empty())
    return std::nullopt;
  return entries_.back().entered + within_.history_ttl;
}

// -- forgetting ----------------------------------------------------------------

void history::truncate(uint64_t seq) {
  while (!entries_.empty() && entries_.back().at.seq > seq) {
    chats_ -= entries_.back().what == kind::chat;
    share_.shrink(entries_.back().weight);
    entries_.pop_back();
  }
  shrink();
  while (!openings_.empty() && openings_.back().seq > seq)
    openings_.pop_back();
}

void history::reopen(const place& at) {
  if (entries_.empty())
    before_ = at;
  else
    openings_.push_back(at);
}

void history::restart() {
  truncate(0);
  openings_.clear();
  before_ = {};
}

void history::expire(clock::time_point now) {
  while (!entries_.empty()
         && entries_.front().entered + within_.history_ttl <= now)
    pop();
}

void history::trim() {
  while (!entries_.empty()
         && (chats_ > within_.history_size
             || share_.bytes() > within_.history_room_bytes))
    pop();
  share_.settle(within_.history_total_bytes);
}

bool history::give_way() {
  if (entries_.empty())
    return false;
  pop();
  return true;
}

/// Places for entries are memory, whether they are taken or not.
void history::reserve(size_t capacity) {
  auto before = entries_.capacity();
  entries_.set_capacity(capacity);
  share_.grow(capacity * sizeof(entry));
  share_.shrink(before * sizeof(entry));
}

void history::pop() {
  auto& oldest = entries_.front();
  before_ = oldest.at;
  chats_ -= oldest.what == kind::chat;
  share_.shrink(oldest.weight);
  entries_.pop_front();
  while (!openings_.empty() && openings_.front().seq <= before_.seq)
    openings_.pop_front();
  shrink();
}

void history::shrink() {
  if (entries_.size() <= entries_.capacity() / 4)
    reserve(entries_.size() * 2);
}

size_t history::weight(const entry& x) {
  auto result = heap_of(x.user.str()) + heap_of(x.content);
  for (auto& text : x.said.by_dialect)
    result += heap_of(text);
  return result;
}

} // namespace parlor
