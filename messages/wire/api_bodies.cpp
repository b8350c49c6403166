// SPDX-License-Identifier: MIT
#include "messages/wire/api.hpp"

#include "messages/wire/fields.hpp"
#include "messages/wire/json_scan.hpp"
#include "messages/wire/names.hpp"

#include <array>
#include <utility>

namespace parlor::wire {

namespace {

/// The members of any body that mean something.
struct body_members {
  std::array<json::member, 6> all{{{"room", {}},
                                   {"user", {}},
                                   {"content", {}},
                                   {"sender", {}},
                                   {"exclude", {}},
                                   {"key", {}}}};

  const json::member& room() const { return all[0]; }
  const json::member& user() const { return all[1]; }
  const json::member& content() const { return all[2]; }
  const json::member& sender() const { return all[3]; }
  const json::member& exclude() const { return all[4]; }
  const json::member& key() const { return all[5]; }
};

/// Fills in the members; says what is wrong where it cannot.
std::string_view scan_body(std::string_view text, size_t json_depth,
                           body_members& in) {
  if (!valid_utf8(text))
    return "the body is not valid UTF-8";
  switch (json::scan(text, json_depth, in.all)) {
    case json::finding::malformed:
      return "the body is not valid JSON";
    case json::finding::too_deep:
      return "the body's JSON nests too deep";
    case json::finding::other_value:
      return "the body is not a JSON object";
    case json::finding::object:
      break;
  }
  return {};
}

template <class T, class Read>
body<T> decode_body(std::string_view text, size_t json_depth, Read read_into) {
  body_members in;
  if (auto complaint = scan_body(text, json_depth, in); !complaint.empty())
    return bad_body{std::string{complaint}};
  field_reader read;
  T result = read_into(in, read);
  if (!read.complaint().empty())
    return bad_body{read.complaint()};
  return result;
}

/// Takes the key of the header over into a message that has none; says what is
/// wrong where it cannot.
std::string_view take_header_key(std::string_view key, post& into) {
  if (key.size() > 2 && key.front() == '"' && key.back() == '"')
    key = key.substr(1, key.size() - 2);
  if (key.empty())
    return {};
  if (!valid_name(key))
    return "Idempotency-Key must be 1-255 bytes without control characters";
  if (!into.key.empty() && into.key != key)
    return "key and Idempotency-Key differ";
  into.key = key;
  return {};
}

} // namespace

// Braces evaluate from left to right: complaints come in the members' order.

body<post> decode_publish_body(std::string_view text, size_t json_depth,
                               std::string_view key, std::string_view sender) {
  auto read_into = [=](const body_members& in, field_reader& read) {
    auto room = room_name{read.name(in.room())};
    auto content = read.content(in.content());
    auto named = read.optional_name(in.sender());
    auto exclude = read.text(in.exclude());
    return post{
      std::move(room), user_id{named.empty() ? std::string{sender} : named},
      std::move(content), std::move(exclude), read.optional_name(in.key())};
  };
  auto result = decode_body<post>(text, json_depth, read_into);
  if (auto* message = std::get_if<post>(&result))
    if (auto complaint = take_header_key(key, *message); !complaint.empty())
      return bad_body{std::string{complaint}};
  return result;
}

body<user_message> decode_send_body(std::string_view text, size_t json_depth) {
  auto read_into = [](const body_members& in, field_reader& read) {
    read.none(in.key());
    return user_message{user_id{read.name(in.user())},
                        read.content(in.content())};
  };
  return decode_body<user_message>(text, json_depth, read_into);
}

body<broadcast> decode_broadcast_body(std::string_view text,
                                      size_t json_depth) {
  auto read_into = [](const body_members& in, field_reader& read) {
    read.none(in.key());
    return broadcast{read.content(in.content()), read.text(in.exclude())};
  };
  return decode_body<broadcast>(text, json_depth, read_into);
}

body<kick_user> decode_disconnect_body(std::string_view text,
                                       size_t json_depth) {
  auto read_into = [](const body_members& in, field_reader& read) {
    return kick_user{user_id{read.name(in.user())}};
  };
  return decode_body<kick_user>(text, json_depth, read_into);
}

} // namespace parlor::wire
