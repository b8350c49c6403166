// SPDX-License-Identifier: MIT
#include "tests/fuzz/meaning.hpp"

#include "messages/limits.hpp"
#include "messages/wire/names.hpp"

#include <map>
#include <string>
#include <vector>

namespace parlor::fuzz {

namespace {

struct not_understood {};

struct shower {
  json operator()(const wire::join_command& x) const {
    auto& wants = x.wants;
    return {"join",          x.room.str(), to_string(wants.since.epoch),
            wants.since.seq, wants.rewind, wants.presence};
  }

  json operator()(const wire::leave_command& x) const {
    return {"leave", x.room.str()};
  }

  json operator()(const wire::publish_command& x) const {
    return {"chat", x.room.str(), parsed(x.content), x.exclude_self, x.key};
  }

  json operator()(const wire::private_command& x) const {
    return {"private", x.to.str(), parsed(x.content)};
  }

  json operator()(const wire::members_command& x) const {
    return {"members", x.room.str()};
  }

  json operator()(const wire::signal_command& x) const {
    return {"signal", x.room.str(), x.name, parsed(x.data)};
  }

  json operator()(const wire::presence_command& x) const {
    return {"presence", x.room.str(), parsed(x.data)};
  }

  json operator()(const wire::history_command& x) const {
    return {"history", x.room.str(), x.before, x.limit};
  }

  json operator()(const wire::hello_command& x) const {
    return {"hello", x.token};
  }

  json operator()(const wire::refresh_command& x) const {
    return {"refresh", x.token};
  }

  json operator()(const wire::rooms_command&) const {
    return json::array({"rooms"});
  }

  json operator()(const wire::ping_command&) const {
    return json::array({"ping"});
  }
};

/// Takes members out of an object; throws not_understood where one is missing
/// or wrong.
class members {
public:
  explicit members(const json& of) : of_{of} {}

  const json& any(const char* key) const {
    if (!of_.contains(key))
      throw not_understood{};
    return of_[key];
  }

  std::string text(const char* key) const {
    if (!any(key).is_string())
      throw not_understood{};
    return any(key).get<std::string>();
  }

  std::string name(const char* key) const {
    if (!wire::valid_name(text(key)))
      throw not_understood{};
    return text(key);
  }

  std::string name_or_none(const char* key) const {
    return of_.contains(key) ? name(key) : "";
  }

  bool flag(const char* key) const {
    if (!of_.contains(key))
      return false;
    if (!of_[key].is_boolean())
      throw not_understood{};
    return of_[key].get<bool>();
  }

  uint64_t number(const char* key) const {
    auto& x = any(key);
    if (x.is_number_float() && x.get<double>() > 1e19)
      throw unclear{};
    if (!x.is_number_unsigned())
      throw not_understood{};
    return x.get<uint64_t>();
  }

  uint64_t number(const char* key, uint64_t otherwise) const {
    return of_.contains(key) ? number(key) : otherwise;
  }

  members object(const char* key) const {
    if (!any(key).is_object())
      throw not_understood{};
    return members{any(key)};
  }

  bool has(const char* key) const { return of_.contains(key); }

private:
  const json& of_;
};

json join_of(const members& in) {
  place since;
  if (in.has("since")) {
    auto from = in.object("since");
    since = {to_epoch(from.text("epoch")), from.number("seq")};
  }
  return {"join",    in.name("room"),        to_string(since.epoch),
          since.seq, in.number("rewind", 0), in.flag("presence")};
}

json command_of(const std::string& type, const members& in) {
  if (type == "chat" || type == "message")
    return {"chat", in.name("room"), in.any("content"), in.flag("exclude_self"),
            in.name_or_none("key")};
  if (type == "join")
    return join_of(in);
  if (type == "leave" || type == "members")
    return {type, in.name("room")};
  if (type == "private")
    return {type, in.name("to"), in.any("content")};
  if (type == "signal")
    return {type, in.name("room"), in.name("name"), in.any("data")};
  if (type == "presence")
    return {type, in.name("room"), in.any("data")};
  if (type == "history")
    return {type, in.name("room"), in.number("before", UINT64_MAX),
            in.number("limit", default_history)};
  if (type == "hello" || type == "refresh")
    return {type, in.text("token")};
  if (type == "rooms" || type == "ping")
    return json::array({type});
  throw not_understood{};
}

std::string type_of(const members& in) {
  if (!in.has("action"))
    return in.text("type");
  if (in.has("type") && in.text("type") != in.text("action"))
    throw not_understood{};
  return in.text("action");
}

} // namespace

json shown(const wire::command& x) {
  return std::visit(shower{}, x);
}

std::optional<json> expected(const json& frame) {
  try {
    members in{frame};
    return command_of(type_of(in), in);
  } catch (const not_understood&) {
    return std::nullopt;
  }
}

} // namespace parlor::fuzz
