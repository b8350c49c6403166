// SPDX-License-Identifier: MIT
#include "transport/upgrade.hpp"
#include "messages/wire/names.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "transport/deflater.hpp"
#include "transport/extension_offers.hpp"
#include "transport/ws_answer.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

// An upgrade request: who is let in, as whom, and what is agreed on. The first
// line of the input is "METHOD TARGET", the others are header fields, in place
// of those of the same name that a good request has. (The target http reads
// real bytes.)
namespace parlor::fuzz {

namespace {

using namespace transport;

constexpr std::string_view page_of = "https://chat.example";

io_options bare() {
  io_options result;
  result.limits.rooms_per_connection = 3;
  return result;
}

io_options full() {
  auto result = bare();
  result.origins = {*origin_pattern::parse(page_of)};
  result.ws_dialect = dialect::text;
  result.tokens = result.compression = result.echo = true;
  return result;
}

void check_deflate(const deflate_terms& x, const request_head& head) {
  auto answer = deflate_answer(x);
  auto said = extension_offers(answer);
  require(said.size() == 1 && said[0].name == "permessage-deflate"
            && said[0].parameters.size() >= 2,
          "compression is answered by something else");
  require(!x.window_bits || (*x.window_bits >= 8 && *x.window_bits <= 15),
          "a window has no such size");
  for (auto& parameter : said[0].parameters)
    if (parameter.name == "server_max_window_bits")
      require(x.window_bits
                && std::stoi(*parameter.value) <= int{*x.window_bits},
              "a window is wider than was asked for");
  request_head back;
  back.headers = {{"Sec-WebSocket-Extensions", answer}};
  require(accept_deflate(back).has_value(), "our own answer is malformed");
  auto offered = false;
  for (auto& [name, value] : head.headers)
    for (auto& offer : extension_offers(value))
      offered |= same_text(name, "Sec-WebSocket-Extensions")
                 && same_text(offer.name, "permessage-deflate");
  require(offered, "compression was not offered");
}

/// Lines without a byte of the client's.
void check_answer(const std::string& answer) {
  require(answer.starts_with("HTTP/1.1 101 ")
            && answer.find("\r\n\r\n") + 4 == answer.size(),
          "the answer is not one head");
  for (auto c : answer)
    require((c >= ' ' && c <= '~') || c == '\r' || c == '\n',
            "the answer has a wrong byte");
}

void check_names(const handshake& x, const io_options& options) {
  require(wire::valid_name(x.user.str()), "a user has no name");
  require(!x.anonymous || x.user.str().starts_with("anon-"),
          "somebody has a name and is anonymous");
  require(x.rooms.size() <= options.limits.rooms_per_connection,
          "too many rooms");
  for (auto& room : x.rooms)
    require(wire::valid_name(room.str()), "a room has no name");
  for (auto c : x.client)
    require(c >= ' ' && c <= '~', "a client's name is not fit to be shown");
  require(options.tokens || x.token.empty(), "a token was not wanted");
}

void check_accepted(const accepted_upgrade& x, const request_head& head,
                    const io_options& options) {
  require(wants_websocket(head), "who wants no WebSocket gets one");
  require(head.method == "GET" && head.version == 11 && x.key.size() == 24,
          "a bad upgrade is accepted");
  if (auto origin = head.find("Origin"); origin && !options.origins.empty())
    require(*origin == page_of, "a foreign page is let in");
  if (!x.echo)
    check_names(x.shake, options);
  require(options.echo || !x.echo, "there is no echo");
  if (x.answered)
    require(head.lists("Sec-WebSocket-Protocol",
                       dialect_subprotocols[index_of(*x.answered)])
              && x.shake.speaks == *x.answered,
            "a subprotocol was not offered");
  require(options.compression || !x.deflate, "nothing is compressed here");
  if (x.deflate)
    check_deflate(*x.deflate, head);
  check_answer(upgrade_answer(x));
}

/// What a decision tells, but for names that are made up.
std::string told(const std::variant<accepted_upgrade, refusal>& x) {
  if (auto* no = std::get_if<refusal>(&x))
    return std::to_string(no->status) + no->detail;
  auto& yes = std::get<accepted_upgrade>(x);
  auto result = upgrade_answer(yes) + yes.shake.token + yes.shake.client;
  for (auto& room : yes.shake.rooms)
    result += room.str();
  return yes.shake.anonymous ? result : result + yes.shake.user.str();
}

/// Names of headers have no case.
request_head shouted(const request_head& head, std::deque<std::string>& names) {
  auto result = head;
  for (auto& [name, value] : result.headers) {
    names.emplace_back(name);
    for (auto& c : names.back())
      c = c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    name = names.back();
  }
  return result;
}

void check(const request_head& head, const io_options& options) {
  auto judged = judge_upgrade(head, options);
  if (auto* yes = std::get_if<accepted_upgrade>(&judged))
    check_accepted(*yes, head, options);
  else
    require(std::get<refusal>(judged).status >= 400, "a refusal is none");
  std::deque<std::string> names;
  require(told(judge_upgrade(shouted(head, names), options)) == told(judged),
          "the case of a header's name makes a difference");
}

/// Takes the text up to a separator, and the separator.
std::string_view take_until(std::string_view& from, char separator) {
  auto end = std::min(from.find(separator), from.size());
  auto result = from.substr(0, end);
  from.remove_prefix(std::min(end + 1, from.size()));
  return result;
}

/// No parser of HTTP lets others through.
bool is_field_byte(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7F);
}

request_head head_of(std::string_view text) {
  request_head result;
  auto line = take_until(text, '\n');
  result.method = take_until(line, ' ');
  result.target = take_until(line, ' ');
  result.version = line == "1.0" ? 10 : 11;
  while (!text.empty()) {
    line = take_until(text, '\n');
    auto name = take_until(line, ':');
    if (!name.empty() && std::all_of(line.begin(), line.end(), is_field_byte))
      result.headers.emplace_back(name, line);
  }
  constexpr std::pair<std::string_view, std::string_view> usual[]{
    {"Host", "chat.example"},
    {"Upgrade", "websocket"},
    {"Connection", "Upgrade"},
    {"Sec-WebSocket-Version", "13"},
    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  for (auto& [name, value] : usual)
    if (!result.has(name))
      result.headers.emplace_back(name, value);
  return result;
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor::fuzz;
  auto head = head_of(text_of(data, size));
  head.to_origin_form();
  static const auto first = bare();
  static const auto second = full();
  check(head, first);
  check(head, second);
  return 0;
}
