// SPDX-License-Identifier: MIT
#include "tests/scaling/tally.hpp"

#include <numeric>
#include <stdexcept>

namespace parlor::scaling {

namespace {

constexpr std::array<std::string_view, kinds> kind_names{
  "ask",      "promise", "fetch", "part",   "resume", "proposal", "stale",
  "decision", "ack",     "mark",  "signal", "closed", "user",     "admin"};

uint64_t of_rooms_in(const std::array<uint64_t, kinds>& x) noexcept {
  return std::accumulate(x.begin(), x.begin() + size_t(kind::user),
                         uint64_t{0});
}

} // namespace

std::string_view to_string(kind x) noexcept {
  return kind_names[size_t(x)];
}

kind kind_of(const envelope& x) {
  auto line = read_address(*x.body);
  if (!line)
    throw std::runtime_error{"an envelope for nobody"};
  if (line->to == addressee::user)
    return kind::user;
  if (line->to == addressee::admin)
    return kind::admin;
  auto note = to_room_note(room_name{std::string{line->name}}, line->content);
  if (!note)
    throw std::runtime_error{"an envelope that is not understood"};
  if (auto* letter = std::get_if<replication::letter>(&*note))
    return static_cast<kind>(letter->index());
  return std::holds_alternative<event::signal>(*note) ? kind::signal
                                                      : kind::closed;
}

void tally::add(const envelope& x) {
  auto at = size_t(kind_of(x));
  ++envelopes[at];
  bytes[at] += x.body->size();
}

uint64_t tally::of_rooms() const noexcept {
  return of_rooms_in(envelopes);
}

uint64_t tally::bytes_of_rooms() const noexcept {
  return of_rooms_in(bytes);
}

tally operator-(tally x, const tally& y) noexcept {
  for (size_t i = 0; i < kinds; ++i) {
    x.envelopes[i] -= y.envelopes[i];
    x.bytes[i] -= y.bytes[i];
  }
  x.frames -= y.frames;
  return x;
}

} // namespace parlor::scaling
