// SPDX-License-Identifier: MIT
#include "messages/wire/decode.hpp"
#include "messages/wire/encode.hpp"
#include "messages/wire/json_scan.hpp"
#include "messages/wire/json_text.hpp"
#include "messages/wire/lines.hpp"
#include "messages/wire/names.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/meaning.hpp"

#include <string>

// The text of a frame: whether it is JSON, what it asks for in each dialect,
// and whether what is made of it for others says the same.
namespace parlor::fuzz {

namespace {

constexpr size_t depth = 32;

void check_scan(std::string_view text, const opinion& second) {
  auto found = wire::json::scan(text, depth, {});
  if (!comparable(text) || second.stopped)
    return;
  auto& value = second.value;
  switch (found) {
    case wire::json::finding::malformed:
      return require(!value, "valid JSON is malformed");
    case wire::json::finding::too_deep:
      return require(!value || depth_of(*value) > depth, "it is not too deep");
    case wire::json::finding::object:
      return require(value && value->is_object() && depth_of(*value) <= depth,
                     "it is no object within the limit");
    case wire::json::finding::other_value:
      return require(value && !value->is_object() && depth_of(*value) <= depth,
                     "it is no other value within the limit");
  }
}

/// A frame that was made, as its receiver reads it.
json heard(const frame& x) {
  return parsed(x.text());
}

/// One line, and of this sender.
void check_line(std::string_view line, const std::string& sender,
                const json& content) {
  std::string begin;
  write(begin, wire::name_in_line{sender});
  begin += ": ";
  require(line.starts_with(begin), "a line has no sender");
  require(begin.find(": ") + 2 == begin.size() || begin.front() == '"',
          "a sender's name looks like a line");
  require(writable(line), "a line is not UTF-8");
  for (auto c : line)
    require(c == '\t' || (c != 0x7F && static_cast<unsigned char>(c) >= 0x20),
            "a line has a control character");
  if (!content.is_string())
    return;
  std::string said;
  write(said, wire::in_line{content.get_ref<const std::string&>()});
  require(line.substr(begin.size()) == said, "a line says something else");
}

void check_event(const wire::publish_command& x, const json& content,
                 const request_id& id) {
  event::chat chat{x.room, user_id{x.room.str()}, x.content, {}, 7};
  auto typed = heard(wire::encode(chat, dialect::typed));
  require(typed["room"] == x.room.str() && typed["sender"] == x.room.str()
            && typed["content"] == content && typed["seq"] == 7,
          "a chat is told otherwise");
  auto action = heard(wire::encode(chat, dialect::action));
  require(action["content"] == content && action["user_id"] == x.room.str(),
          "a chat is told otherwise in dialect action");
  check_line(wire::encode(chat, dialect::text).text(), x.room.str(), content);
  event::history_reply past{id, x.room, {wire::encode(chat, dialect::typed)}};
  if (!id.empty())
    require(heard(wire::encode(past, dialect::typed))["messages"][0] == typed,
            "history tells a chat otherwise");
}

void check_event(const wire::signal_command& x, const json& data,
                 const request_id&) {
  auto told = heard(wire::encode(
    event::signal{x.room, user_id{"ann"}, x.name, x.data}, dialect::typed));
  require(told["name"] == x.name && told["data"] == data
            && told["room"] == x.room.str(),
          "a signal is told otherwise");
}

void check_event(const wire::presence_command& x, const json& data,
                 const request_id&) {
  user_id user{x.room.str()};
  event::presences all{{user, {{connection_id{1}, x.data}}}};
  auto told = heard(
    wire::encode(event::presence_state{x.room, 1, all}, dialect::typed));
  require(told["state"][user.str()][0]["data"] == data,
          "presence is told otherwise");
}

void check_event(const wire::private_command& x, const json& content,
                 const request_id&) {
  auto told = heard(
    wire::encode(event::private_message{x.to, user_id{"ann"}, x.content, {}},
                 dialect::action));
  require(told["to"] == x.to.str() && told["content"] == content,
          "a private message is told otherwise");
}

template <class Command>
void check_event(const Command&, const json&, const request_id&) {}

/// `meant` ends with the command's content, where it has one.
void check_told(const wire::request& x, const json& meant) {
  std::visit(
    [&](auto& what) {
      using command = std::decay_t<decltype(what)>;
      constexpr size_t at = std::is_same_v<command, wire::signal_command> ? 3
                                                                          : 2;
      check_event(what, meant.size() > at ? meant[at] : json{}, x.id);
    },
    x.what);
}

void check_id(const request_id& id, const json& frame) {
  if (id.empty())
    return;
  require(frame.contains("id") && frame["id"] == parsed(id.str()),
          "the id is another");
  auto reply = wire::encode(event::done_reply{id, room_name{"r"}},
                            dialect::typed);
  require(heard(reply)["id"] == frame["id"], "the id is told otherwise");
}

void check_rejection(const wire::rejection& x) {
  event::error said{x.code, x.message, x.id, {}};
  auto told = heard(wire::encode(said, dialect::typed));
  require(told["message"] == x.message && !x.message.empty(),
          "an error is told otherwise");
  require(told.contains("id") == !x.id.empty(), "an error lost its id");
}

/// In a dialect of JSON, or what is a command in dialect `text` too.
void check_understood(const wire::decoded& result, const json& frame) try {
  auto meant = frame.is_object() ? expected(frame) : std::nullopt;
  auto* no = std::get_if<wire::rejection>(&result);
  if (no) {
    check_rejection(*no);
    require(!meant || no->message.starts_with("id must"),
            "a good frame is rejected");
    return check_id(no->id, frame.is_object() ? frame : json::object());
  }
  auto& good = std::get<wire::request>(result);
  require(meant.has_value(), "a bad frame is understood");
  require(shown(good.what) == *meant, "a frame is understood otherwise");
  check_id(good.id, frame);
  check_told(good, *meant);
} catch (const unclear&) {}

bool is_lobby_line(const wire::decoded& result, std::string_view text) {
  auto* good = std::get_if<wire::request>(&result);
  auto* said = good ? std::get_if<wire::publish_command>(&good->what) : nullptr;
  return said && said->room.str() == wire::lobby && good->id.empty()
         && parsed(said->content) == std::string{text};
}

void check(std::string_view text) {
  auto second = opinion_of(text);
  check_scan(text, second);
  auto comparably = comparable(text) && second.value
                    && depth_of(*second.value) <= depth;
  for (auto speaks : {dialect::typed, dialect::action}) {
    auto result = wire::decode(text, speaks, depth);
    if (comparably)
      check_understood(result, *second.value);
    else if (auto* no = std::get_if<wire::rejection>(&result))
      check_rejection(*no);
  }
  auto line = wire::decode(text, dialect::text, depth);
  if (!is_lobby_line(line, text)) {
    require(second.value || second.stopped || !comparable(text),
            "a line says something else");
    if (comparably)
      check_understood(line, *second.value);
  }
  if (comparably) {
    std::string compact;
    wire::json::append_compact(compact, text);
    require(parsed(compact) == *second.value, "compacted it says otherwise");
  }
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor;
  auto text = fuzz::text_of(data, size);
  auto good = wire::valid_utf8(text);
  fuzz::require(good == fuzz::writable(text), "UTF-8 is judged otherwise");
  // What is no UTF-8 does not get past frame_reader.
  if (good)
    fuzz::check(text);
  return 0;
}
