// SPDX-License-Identifier: MIT
#include "messages/proceedings.hpp"

#include "messages/binary.hpp"

namespace parlor::proceedings {

namespace {

std::string to_bytes(const std::vector<outcome>& xs) {
  std::string result;
  for (auto x : xs)
    result += static_cast<char>(x);
  return result;
}

bool from_bytes(std::string_view bytes, std::vector<outcome>& xs) {
  xs.clear();
  for (auto x : bytes) {
    if (static_cast<uint8_t>(x) > static_cast<uint8_t>(outcome::nothing))
      return false;
    xs.push_back(static_cast<outcome>(x));
  }
  return true;
}

} // namespace

// Found by binary's inspectors; what they write is read by other nodes.

template <class Inspector>
bool inspect(Inspector& f, attendance::change& x) {
  return f(x.who, x.user, x.comes, x.silent)
         && binary::one_of(f, x.why, departure::kicked);
}

template <class Inspector>
bool inspect(Inspector& f, attendance& x) {
  return f(x.changes);
}

template <class Inspector>
bool inspect(Inspector& f, loss& x) {
  return f(x.node);
}

template <class Inspector>
bool inspect(Inspector& f, chat& x) {
  return f(x.sender, x.content, x.key, x.exclude, x.from, x.exclude_self);
}

template <class Inspector>
bool inspect(Inspector& f, presence& x) {
  return f(x.who, x.user, x.data);
}

template <class Inspector>
bool inspect(Inspector& f, seat& x) {
  return f(x.node, x.who, x.user, x.presence);
}

template <class Inspector>
bool inspect(Inspector& f, ruling& x) {
  auto outcomes = to_bytes(x.outcomes);
  if (!f(x.before, x.repeats, outcomes, x.lost, x.gone))
    return false;
  if constexpr (Inspector::writes_state)
    if (!from_bytes(outcomes, x.outcomes))
      return false;
  return binary::time_of(f, x.at);
}

template <class Inspector>
bool inspect(Inspector& f, keyed& x) {
  return f(x.sender, x.key, x.at, x.age);
}

template <class Inspector>
bool inspect(Inspector& f, state& x) {
  return f(x.seq, x.seats, x.keys);
}

template <class Inspector>
bool inspect(Inspector& f, entry& x) {
  return f(x.what, x.decided);
}

namespace {

template <class T>
std::string written(const T& x) {
  std::string result;
  binary::write(result, x);
  return result;
}

} // namespace

std::string to_bytes(const command& x) {
  return written(x);
}

std::string to_bytes(const entry& x) {
  return written(x);
}

std::string to_bytes(const state& x) {
  return written(x);
}

std::optional<command> to_command(std::string_view bytes) {
  return binary::read<command>(bytes);
}

std::optional<entry> to_entry(std::string_view bytes) {
  auto read = binary::read<entry>(bytes);
  if (!read)
    return std::nullopt;
  // One outcome for each change, and none where there is none.
  auto* changes = std::get_if<attendance>(&read->what);
  if (read->decided.outcomes.size() != (changes ? changes->changes.size() : 0))
    return std::nullopt;
  return read;
}

std::optional<state> to_state(std::string_view bytes) {
  return binary::read<state>(bytes);
}

} // namespace parlor::proceedings
