// SPDX-License-Identifier: MIT
#include "messages/wire/claims.hpp"

#include "messages/wire/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace parlor::wire {

namespace {

using nlohmann::json;
using std::chrono::system_clock;

/// A member of an object, or nullptr where it has none of that name.
const json* find(const json& object, const char* name) {
  auto found = object.find(name);
  return found != object.end() ? &*found : nullptr;
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

using refusal = std::optional<token_refusal>;

/// Sets for how long it holds.
refusal check_dates(const json& all, system_clock::time_point now,
                    claims& result) {
  if (auto expiry = find(all, "exp")) {
    if (!expiry->is_number())
      return token_refusal{"token has a wrong exp"};
    result.expires = date_of(*expiry);
    if (*result.expires <= now)
      return token_refusal{"token has expired", true};
  }
  if (auto start = find(all, "nbf")) {
    if (!start->is_number())
      return token_refusal{"token has a wrong nbf"};
    if (date_of(*start) > now)
      return token_refusal{"token is not valid yet", true};
  }
  return {};
}

/// Who made it, and for whom.
refusal check_rules(const json& all, const token_rules& rules) {
  auto issuer = find(all, "iss");
  if (issuer && !issuer->is_string())
    return token_refusal{"token has a wrong iss"};
  if (!rules.issuer.empty() && (!issuer || *issuer != rules.issuer))
    return token_refusal{"token is of another issuer"};
  auto audience = find(all, "aud");
  if (audience && !audience->is_string() && !is_list_of_texts(*audience))
    return token_refusal{"token has a wrong aud"};
  if (rules.audience.empty())
    return {};
  auto named = audience
               && (audience->is_string()
                     ? *audience == rules.audience
                     : std::find(audience->begin(), audience->end(),
                                 rules.audience)
                         != audience->end());
  if (!named)
    return token_refusal{"token is for another audience"};
  return {};
}

/// Sets what its bearer may do.
refusal check_permissions(const json& all, permissions& result) {
  if (auto rooms = find(all, "rooms")) {
    if (!is_list_of_texts(*rooms))
      return token_refusal{"token has wrong rooms"};
    result.rooms = rooms->get<std::vector<std::string>>();
  }
  if (auto publish = find(all, "publish")) {
    if (!publish->is_boolean())
      return token_refusal{"token has a wrong publish"};
    result.publish = publish->get<bool>();
  }
  return {};
}

} // namespace

std::string decode_token_algorithm(std::string_view header) {
  auto all = json::parse(header, nullptr, false);
  if (!all.is_object() || all.contains("crit"))
    return {};
  auto algorithm = find(all, "alg");
  return algorithm && algorithm->is_string() ? algorithm->get<std::string>()
                                             : "";
}

std::variant<claims, token_refusal> decode_claims(std::string_view payload,
                                                  system_clock::time_point now,
                                                  const token_rules& rules) {
  auto all = json::parse(payload, nullptr, false);
  if (!all.is_object())
    return token_refusal{"token has no claims"};
  claims result;
  auto subject = find(all, "sub");
  if (!subject || !subject->is_string()
      || !valid_name(subject->get<std::string>()))
    return token_refusal{"token names no user"};
  result.user = user_id{subject->get<std::string>()};
  // What a newer token does not cure comes first.
  if (auto no = check_rules(all, rules))
    return *no;
  if (auto no = check_permissions(all, result.may))
    return *no;
  if (auto no = check_dates(all, now, result))
    return *no;
  return result;
}

} // namespace parlor::wire
