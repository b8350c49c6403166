// SPDX-License-Identifier: MIT
#include "messages/wire/claims.hpp"

#include "messages/wire/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace parlor::wire {

namespace {

using nlohmann::json;
using std::chrono::system_clock;

/// A claim, or null where there is none.
const json& find(const json& payload, const char* name) {
  static const json none;
  auto found = payload.find(name);
  return found != payload.end() ? *found : none;
}

/// A NumericDate: seconds since 1970, perhaps with a fraction. What lies beyond
/// a century from 1970 is a century.
system_clock::time_point date_of(const json& x) {
  constexpr double century = 3.2e9;
  std::chrono::duration<double> since_1970{
    std::clamp(x.get<double>(), 0.0, century)};
  return system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(since_1970)};
}

bool is_list_of_texts(const json& x) {
  return x.is_array() && std::all_of(x.begin(), x.end(), [](const json& one) {
           return one.is_string();
         });
}

} // namespace

std::variant<claims, token_refusal>
decode_claims(std::string_view payload, system_clock::time_point now) {
  auto all = json::parse(payload, nullptr, false);
  if (!all.is_object())
    return token_refusal{"token has no claims"};
  claims result;
  auto& subject = find(all, "sub");
  if (!subject.is_string() || !valid_name(subject.get<std::string>()))
    return token_refusal{"token names no user"};
  result.user = user_id{subject.get<std::string>()};
  if (auto& expiry = find(all, "exp"); !expiry.is_null()) {
    if (!expiry.is_number())
      return token_refusal{"token has a wrong exp"};
    result.expires = date_of(expiry);
    if (*result.expires <= now)
      return token_refusal{"token has expired"};
  }
  if (auto& start = find(all, "nbf"); !start.is_null()) {
    if (!start.is_number())
      return token_refusal{"token has a wrong nbf"};
    if (date_of(start) > now)
      return token_refusal{"token is not valid yet"};
  }
  if (auto& rooms = find(all, "rooms"); !rooms.is_null()) {
    if (!is_list_of_texts(rooms))
      return token_refusal{"token has wrong rooms"};
    result.may.rooms = rooms.get<std::vector<std::string>>();
  }
  if (auto& publish = find(all, "publish"); !publish.is_null()) {
    if (!publish.is_boolean())
      return token_refusal{"token has a wrong publish"};
    result.may.publish = publish.get<bool>();
  }
  return result;
}

} // namespace parlor::wire
