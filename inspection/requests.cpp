// SPDX-License-Identifier: MIT
#include "inspection/requests.hpp"

#include "messages/wire/inspection.hpp"
#include "messages/wire/names.hpp"
#include "transport/url.hpp"

#include <charconv>
#include <concepts>
#include <optional>
#include <utility>

namespace parlor::inspection {

namespace {

template <std::unsigned_integral Number>
bool parse_number(std::string_view text, Number& into) {
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, into);
  return !text.empty() && parsed.ec == std::errc{} && parsed.ptr == end;
}

bad_request bad(std::string detail) {
  return {400, std::move(detail)};
}

std::optional<bad_request> take_numbers(actors_query& into,
                                        const transport::url& from) {
  if (auto thread = from.find("thread"))
    if (!parse_number(*thread, into.thread.emplace()))
      return bad("`thread` is the number of an I/O thread.");
  if (auto after = from.find("after"))
    if (!parse_number(*after, into.after))
      return bad("`after` is the id of an actor.");
  if (auto limit = from.find("limit"))
    if (!parse_number(*limit, into.limit) || into.limit < 1
        || into.limit > max_page)
      return bad("`limit` is a number from 1 to " + std::to_string(max_page)
                 + ".");
  return std::nullopt;
}

std::optional<bad_request> take_words(actors_query& into,
                                      const transport::url& from) {
  into.kind = from.find("kind").value_or("");
  into.search = from.find("search").value_or("");
  if (!into.search.empty() && !wire::valid_name(into.search))
    return bad("`search` is not part of a name.");
  if (auto order = from.find("order")) {
    auto known = wire::order_named(*order);
    if (!known)
      return bad("`order` is id, mailbox, busy or handled.");
    into.order = *known;
  }
  if (into.order != actors_order::id && into.after > 0)
    return bad("Only the order by id has pages.");
  return std::nullopt;
}

request parse_actors(const transport::url& from) {
  actors_query result;
  if (auto no = take_numbers(result, from))
    return *no;
  if (auto no = take_words(result, from))
    return *no;
  return result;
}

} // namespace

request parse_request(std::string_view target) {
  auto parsed = transport::parse_url(target);
  if (!parsed)
    return bad("The target is not a path.");
  auto& path = parsed->path;
  if (path.size() == 2 && path[1] == "overview")
    return picture_query{};
  if (path.size() == 2 && path[1] == "actors")
    return parse_actors(*parsed);
  if (path.size() != 3 || path[1] != "actors")
    return bad_request{404, "There is nothing here."};
  actor_query one;
  if (!parse_number(path[2], one.id) || one.id == 0)
    return bad("The id of an actor is a number above 0.");
  return one;
}

} // namespace parlor::inspection
