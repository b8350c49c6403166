// SPDX-License-Identifier: MIT
#include "messages/user_notes.hpp"

#include "messages/binary.hpp"
#include "messages/envelopes.hpp"

#include <utility>

namespace parlor {

namespace registration {

// Found by binary's inspectors; what they write is read by other nodes.

template <class Inspector>
bool inspect(Inspector& f, row& x) {
  return f(x.user, x.who, x.order);
}

template <class Inspector>
bool inspect(Inspector& f, knock& x) {
  return f(x.revision, x.who);
}

template <class Inspector>
bool inspect(Inspector& f, departed& x) {
  return f(x.revision, x.who);
}

template <class Inspector>
bool inspect(Inspector& f, message& x) {
  return f(x.revision, x.number, x.open, x.again, x.sender, x.content)
         && binary::time_of(f, x.at);
}

template <class Inspector>
bool inspect(Inspector& f, kick& x) {
  return f(x.revision, x.number);
}

template <class Inspector>
bool inspect(Inspector& f, table& x) {
  return f(x.revision, x.first, x.last, x.rows);
}

template <class Inspector>
bool inspect(Inspector& f, ask& x) {
  return f(x.revision);
}

template <class Inspector>
bool inspect(Inspector& f, grant& x) {
  return f(x.who, x.order);
}

template <class Inspector>
bool inspect(Inspector& f, refusal& x) {
  return f(x.who);
}

template <class Inspector>
bool inspect(Inspector& f, eviction& x) {
  return f(x.who);
}

template <class Inspector>
bool inspect(Inspector& f, handover& x) {
  return f(x.origin, x.what);
}

template <class Inspector>
bool inspect(Inspector& f, receipt& x) {
  return f(x.number, x.count);
}

template <class Inspector>
bool inspect(Inspector& f, declined& x) {
  return f(x.number);
}

template <class Inspector>
bool inspect(Inspector&, expulsion&) {
  return true;
}

template <class Inspector>
bool inspect(Inspector& f, notice& x) {
  return f(x.content, x.exclude) && binary::time_of(f, x.at);
}

template <class Inspector>
bool inspect(Inspector& f, kick_one& x) {
  return f(x.number, x.who);
}

} // namespace registration

const user_id& nobody() {
  static const user_id name{"*"};
  return name;
}

envelope to_envelope(const user_id& user, const registration::note& what) {
  auto bytes = address(addressee::user, user.str());
  binary::write(bytes, what);
  return {1, std::make_shared<const std::string>(std::move(bytes))};
}

std::optional<registration::note> to_user_note(std::string_view content) {
  return binary::read<registration::note>(content);
}

} // namespace parlor
