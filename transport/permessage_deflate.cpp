// SPDX-License-Identifier: MIT
#include "transport/permessage_deflate.hpp"

#include "transport/deflater.hpp"
#include "transport/extension_offers.hpp"

#include <algorithm>

namespace parlor::transport {

namespace {

/// Above every payload: sizes are less than 2 to the power of 31.
constexpr uint8_t any_size = 31;

/// 8 to 15, without leading zeros (RFC 7692 §7.1.2).
std::optional<uint8_t> window_of(std::string_view text) {
  if (text == "8" || text == "9")
    return static_cast<uint8_t>(text[0] - '0');
  if (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5')
    return static_cast<uint8_t>(10 + text[1] - '0');
  return std::nullopt;
}

/// Whether a parameter is one that a client may offer; notes what it asks for.
bool take(const extension_parameter& x, deflate_terms& into) {
  if (same_text(x.name, "server_no_context_takeover")
      || same_text(x.name, "client_no_context_takeover"))
    return !x.value;
  if (same_text(x.name, "client_max_window_bits"))
    return !x.value || window_of(*x.value);
  if (!same_text(x.name, "server_max_window_bits") || !x.value)
    return false;
  into.window_bits = window_of(*x.value);
  return into.window_bits.has_value();
}

std::optional<deflate_terms> judge(const extension_offer& x) {
  if (!same_text(x.name, "permessage-deflate"))
    return std::nullopt;
  deflate_terms result;
  for (auto i = x.parameters.begin(); i != x.parameters.end(); ++i) {
    auto said = std::any_of(x.parameters.begin(), i, [&](auto& before) {
      return same_text(before.name, i->name);
    });
    if (said || !take(*i, result))
      return std::nullopt;
  }
  return result;
}

} // namespace

std::optional<deflate_terms> accept_deflate(const request_head& head) {
  for (auto& [key, value] : head.headers)
    if (same_text(key, "Sec-WebSocket-Extensions"))
      for (auto& offer : extension_offers(value))
        if (auto terms = judge(offer))
          return terms;
  return std::nullopt;
}

std::string deflate_answer(const deflate_terms& x) {
  std::string result = "permessage-deflate; server_no_context_takeover; "
                       "client_no_context_takeover";
  if (x.window_bits)
    result += "; server_max_window_bits="
              + std::to_string(std::min(*x.window_bits, deflater::window_bits));
  return result;
}

uint8_t deflate_reach(const std::optional<deflate_terms>& x) {
  if (!x)
    return 0;
  auto bits = x->window_bits.value_or(deflater::window_bits);
  return bits < deflater::window_bits ? bits : any_size;
}

} // namespace parlor::transport
