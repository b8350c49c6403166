// SPDX-License-Identifier: MIT
#include "messages/envelopes.hpp"

#include "messages/binary.hpp"

#include <utility>

namespace parlor {

namespace replication {

// Found by binary's inspectors; what they write is read by other nodes.

template <class Inspector>
bool inspect(Inspector& f, producer& x) {
  return f(x.node, x.opening);
}

template <class Inspector>
bool inspect(Inspector& f, command& x) {
  return f(x.from, x.number, x.body);
}

template <class Inspector>
bool inspect(Inspector& f, entry& x) {
  return f(x.at, x.what);
}

template <class Inspector>
bool inspect(Inspector& f, progress& x) {
  return f(x.from, x.number);
}

template <class Inspector>
bool inspect(Inspector& f, digest& x) {
  return f(x.runs, x.before);
}

template <class Inspector>
bool inspect(Inspector& f, ask& x) {
  return f(x.revision);
}

template <class Inspector>
bool inspect(Inspector& f, promise& x) {
  return f(x.revision, x.number, x.established, x.takes_part, x.holds);
}

template <class Inspector>
bool inspect(Inspector& f, fetch& x) {
  return f(x.revision, x.after);
}

template <class Inspector>
bool inspect(Inspector& f, part& x) {
  return f(x.revision, x.before, x.sequenced, x.entries, x.state);
}

template <class Inspector>
bool inspect(Inspector& f, resume& x) {
  return f(x.number, x.epoch, x.agreed, x.sequenced, x.state, x.upto);
}

template <class Inspector>
bool inspect(Inspector& f, proposal& x) {
  return f(x.epoch, x.first, x.what);
}

template <class Inspector>
bool inspect(Inspector& f, stale& x) {
  return f(x.epoch);
}

template <class Inspector>
bool inspect(Inspector& f, decision& x) {
  return f(x.epoch, x.what);
}

template <class Inspector>
bool inspect(Inspector& f, ack& x) {
  return f(x.epoch, x.seq);
}

template <class Inspector>
bool inspect(Inspector& f, mark& x) {
  return f(x.epoch, x.seq, x.confirmed, x.established);
}

} // namespace replication

namespace event {

/// Without the room, which is in the address.
template <class Inspector>
bool inspect(Inspector& f, signal& x) {
  return f(x.user, x.name, x.data);
}

} // namespace event

template <class Inspector>
bool inspect(Inspector&, room_closed&) {
  return true;
}

std::string address(addressee to, std::string_view name) {
  std::string result;
  result.reserve(2 + name.size());
  result += static_cast<char>(to);
  result += static_cast<char>(name.size());
  result += name;
  return result;
}

std::optional<address_line> read_address(std::string_view bytes) noexcept {
  if (bytes.size() < 2)
    return std::nullopt;
  auto to = static_cast<uint8_t>(bytes[0]);
  auto length = static_cast<uint8_t>(bytes[1]);
  if (to < uint8_t(addressee::room) || to > uint8_t(addressee::admin)
      || length == 0 || bytes.size() < 2u + length)
    return std::nullopt;
  return address_line{static_cast<addressee>(to), bytes.substr(2, length),
                      bytes.substr(2u + length)};
}

envelope to_envelope(const room_name& room, const room_note& what) {
  auto bytes = address(addressee::room, room.str());
  binary::write(bytes, what);
  return {1, std::make_shared<const std::string>(std::move(bytes))};
}

std::optional<room_note> to_room_note(const room_name& room,
                                      std::string_view content) {
  auto read = binary::read<room_note>(content);
  if (!read)
    return std::nullopt;
  if (auto* signal = std::get_if<event::signal>(&*read))
    signal->room = room;
  return read;
}

} // namespace parlor
