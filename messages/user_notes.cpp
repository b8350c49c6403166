// SPDX-License-Identifier: MIT
#include "messages/user_notes.hpp"

#include "messages/binary.hpp"
#include "messages/envelopes.hpp"

#include <utility>

namespace parlor {

namespace registration {

// Found by CAF's serializers; what they write is read by other nodes.

template <class Inspector>
caf::error inspect(Inspector& f, row& x) {
  return f(x.user, x.who, x.order);
}

template <class Inspector>
caf::error inspect(Inspector& f, knock& x) {
  return f(x.revision, x.who);
}

template <class Inspector>
caf::error inspect(Inspector& f, departed& x) {
  return f(x.revision, x.who);
}

template <class Inspector>
caf::error inspect(Inspector& f, message& x) {
  if (auto bad = f(x.revision, x.number, x.open, x.again, x.sender, x.content))
    return bad;
  return binary::time_of(f, x.at);
}

template <class Inspector>
caf::error inspect(Inspector& f, kick& x) {
  return f(x.revision, x.number);
}

template <class Inspector>
caf::error inspect(Inspector& f, table& x) {
  return f(x.revision, x.first, x.last, x.rows);
}

template <class Inspector>
caf::error inspect(Inspector& f, ask& x) {
  return f(x.revision);
}

template <class Inspector>
caf::error inspect(Inspector& f, grant& x) {
  return f(x.who, x.order);
}

template <class Inspector>
caf::error inspect(Inspector& f, refusal& x) {
  return f(x.who);
}

template <class Inspector>
caf::error inspect(Inspector& f, eviction& x) {
  return f(x.who);
}

template <class Inspector>
caf::error inspect(Inspector& f, handover& x) {
  return f(x.origin, x.what);
}

template <class Inspector>
caf::error inspect(Inspector& f, receipt& x) {
  return f(x.number, x.count);
}

template <class Inspector>
caf::error inspect(Inspector& f, declined& x) {
  return f(x.number);
}

template <class Inspector>
caf::error inspect(Inspector&, expulsion&) {
  return caf::none;
}

template <class Inspector>
caf::error inspect(Inspector& f, notice& x) {
  if (auto bad = f(x.content, x.exclude))
    return bad;
  return binary::time_of(f, x.at);
}

template <class Inspector>
caf::error inspect(Inspector& f, kick_one& x) {
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
