// SPDX-License-Identifier: MIT
#include "messages/wire/decode.hpp"

#include "messages/limits.hpp"
#include "messages/wire/fields.hpp"
#include "messages/wire/json_scan.hpp"
#include "messages/wire/json_text.hpp"
#include "messages/wire/names.hpp"

#include <array>
#include <utility>

namespace parlor::wire {

namespace {

/// The members of a frame that mean something.
struct frame_members {
  std::array<json::member, 16> all{{{"type", {}},
                                    {"action", {}},
                                    {"id", {}},
                                    {"room", {}},
                                    {"to", {}},
                                    {"content", {}},
                                    {"exclude_self", {}},
                                    {"key", {}},
                                    {"name", {}},
                                    {"data", {}},
                                    {"since", {}},
                                    {"rewind", {}},
                                    {"presence", {}},
                                    {"before", {}},
                                    {"limit", {}},
                                    {"token", {}}}};

  const json::member& type() const { return all[0]; }
  const json::member& action() const { return all[1]; }
  const json::member& id() const { return all[2]; }
  const json::member& room() const { return all[3]; }
  const json::member& to() const { return all[4]; }
  const json::member& content() const { return all[5]; }
  const json::member& exclude_self() const { return all[6]; }
  const json::member& key() const { return all[7]; }
  const json::member& name() const { return all[8]; }
  const json::member& data() const { return all[9]; }
  const json::member& since() const { return all[10]; }
  const json::member& rewind() const { return all[11]; }
  const json::member& presence() const { return all[12]; }
  const json::member& before() const { return all[13]; }
  const json::member& limit() const { return all[14]; }
  const json::member& token() const { return all[15]; }
};

template <class Command>
command about_a_room(const frame_members& in, field_reader& read) {
  return Command{room_name{read.name(in.room())}};
}

template <class Command>
command about_nothing(const frame_members&, field_reader&) {
  return Command{};
}

// Braces evaluate from left to right: complaints come in this order.

place place_of(const json::member& x, field_reader& read) {
  std::array<json::member, 2> in{{{"epoch", {}}, {"seq", {}}}};
  if (!read.optional_object(x, in))
    return {};
  field_reader inner{"since."};
  place result{to_epoch(inner.required_text(in[0])), inner.number(in[1])};
  read.pass_on(inner);
  return result;
}

command join_of(const frame_members& in, field_reader& read) {
  return join_command{room_name{read.name(in.room())},
                      {place_of(in.since(), read),
                       read.optional_number(in.rewind(), 0),
                       read.flag(in.presence())}};
}

command publish_of(const frame_members& in, field_reader& read) {
  return publish_command{
    room_name{read.name(in.room())}, read.content(in.content()),
    read.flag(in.exclude_self()), read.optional_name(in.key())};
}

command signal_of(const frame_members& in, field_reader& read) {
  return signal_command{room_name{read.name(in.room())}, read.name(in.name()),
                        read.content(in.data())};
}

command presence_of(const frame_members& in, field_reader& read) {
  return presence_command{room_name{read.name(in.room())},
                          read.content(in.data())};
}

command history_of(const frame_members& in, field_reader& read) {
  return history_command{room_name{read.name(in.room())},
                         read.optional_number(in.before(), UINT64_MAX),
                         read.optional_number(in.limit(), default_history)};
}

template <class Command>
command about_a_token(const frame_members& in, field_reader& read) {
  return Command{read.required_text(in.token())};
}

command private_of(const frame_members& in, field_reader& read) {
  read.none(in.key());
  return private_command{user_id{read.name(in.to())},
                         read.content(in.content())};
}

/// A type of frame, and how its command is read.
struct frame_type {
  std::string_view name;
  command (*read)(const frame_members&, field_reader&);
};

constexpr std::array<frame_type, 13> frame_types{{
  {"chat", publish_of},
  {"message", publish_of},
  {"join", join_of},
  {"leave", about_a_room<leave_command>},
  {"private", private_of},
  {"members", about_a_room<members_command>},
  {"signal", signal_of},
  {"presence", presence_of},
  {"history", history_of},
  {"hello", about_a_token<hello_command>},
  {"refresh", about_a_token<refresh_command>},
  {"rooms", about_nothing<rooms_command>},
  {"ping", about_nothing<ping_command>},
}};

const frame_type* find_type(std::string_view name) {
  for (auto& x : frame_types)
    if (x.name == name)
      return &x;
  return nullptr;
}

/// What a string says; only one with escapes is copied, to `storage`.
std::string_view text_of(std::string_view raw, std::string& storage) {
  auto inner = raw.substr(1, raw.size() - 2);
  if (inner.find('\\') == std::string_view::npos)
    return inner;
  json::append_decoded(storage, raw);
  return storage;
}

/// Whether `type` or `action` is a known type.
bool is_command(const frame_members& in) {
  for (auto raw : {in.type().value, in.action().value}) {
    std::string storage;
    if (json::is_string(raw) && find_type(text_of(raw, storage)))
      return true;
  }
  return false;
}

/// What the client is told of a wrong id; nothing of a right one or of none.
std::string_view complaint_of_id(std::string_view raw) {
  if (raw.empty())
    return {};
  if (!json::is_string(raw) && !json::is_integer(raw))
    return "id must be a string or an integer";
  if (raw.size() > max_request_id_bytes)
    return "id must be at most 64 bytes of JSON";
  return {};
}

/// The id of a frame that is no valid JSON, where it was read before the fault.
request_id readable_id(const frame_members& in) {
  auto raw = in.id().value;
  return complaint_of_id(raw).empty() ? request_id{std::string{raw}}
                                      : request_id{};
}

decoded rejected(std::string message, request_id id = {},
                 ec code = ec::bad_request) {
  return rejection{code, std::move(message), std::move(id)};
}

decoded understand_type(const frame_members& in, std::string_view name,
                        request_id id) {
  auto type = find_type(name);
  if (!type)
    return rejected("Unknown message type: "
                      + std::string{beginning_of(name, max_name_bytes)},
                    std::move(id), ec::unknown_type);
  field_reader read;
  auto result = type->read(in, read);
  if (!read.complaint().empty())
    return rejected(read.complaint(), std::move(id));
  return request{std::move(id), std::move(result)};
}

decoded understand(const frame_members& in) {
  if (auto complaint = complaint_of_id(in.id().value); !complaint.empty())
    return rejected(std::string{complaint});
  request_id id{std::string{in.id().value}};
  auto type = in.type().value;
  auto action = in.action().value;
  if (type.empty() && action.empty())
    return rejected("type is missing", std::move(id));
  for (auto x : {&in.type(), &in.action()})
    if (!x->value.empty() && !json::is_string(x->value))
      return rejected(std::string{x->name} + " must be a string",
                      std::move(id));
  std::string storage;
  auto name = text_of(type.empty() ? action : type, storage);
  std::string other;
  if (!type.empty() && !action.empty() && text_of(action, other) != name)
    return rejected("type and action differ", std::move(id));
  return understand_type(in, name, std::move(id));
}

decoded line(std::string_view text) {
  publish_command result{room_name{std::string{lobby}}, {}, false, {}};
  json::append_quoted(result.content, text);
  return request{{}, std::move(result)};
}

} // namespace

decoded decode(std::string_view text, dialect speaks, size_t json_depth) {
  frame_members in;
  auto found = json::scan(text, json_depth, in.all);
  if (speaks == dialect::text
      && (found != json::finding::object || !is_command(in)))
    return line(text);
  switch (found) {
    case json::finding::malformed:
      return rejected("the frame is not valid JSON", readable_id(in),
                      ec::bad_json);
    case json::finding::too_deep:
      // Its id may be behind what nests too deep.
      json::scan(text, json::max_depth, in.all);
      return rejected("the frame's JSON nests too deep", readable_id(in),
                      ec::bad_json);
    case json::finding::other_value:
      return rejected("the frame is not a JSON object");
    case json::finding::object:
      break;
  }
  return understand(in);
}

} // namespace parlor::wire
