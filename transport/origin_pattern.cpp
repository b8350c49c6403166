// SPDX-License-Identifier: MIT
#include "transport/origin_pattern.hpp"

#include "transport/authority.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace parlor::transport {

namespace {

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string lowered(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// RFC 3986 §3.1.
bool is_scheme(std::string_view x) {
  return !x.empty() && is_letter(x.front())
         && std::all_of(x.begin(), x.end(), [](char c) {
              return is_letter(c) || is_digit(c) || c == '+' || c == '-'
                     || c == '.';
            });
}

/// Labels of a name in ASCII, as browsers send it (RFC 6454 §6.2 with RFC 5890);
/// an address of version 6 in its brackets.
bool is_host(std::string_view x) {
  if (x.starts_with('['))
    return x.find_first_not_of("0123456789abcdef:.", 1) == x.size() - 1
           && x.size() > 3;
  return x.size() <= 253 && !x.starts_with('.') && !x.ends_with('.')
         && x.find("..") == x.npos && !x.empty()
         && std::all_of(x.begin(), x.end(), [](char c) {
              return is_letter(c) || is_digit(c) || c == '-' || c == '_'
                     || c == '.';
            });
}

bool is_port(std::string_view x) {
  uint16_t number = 0;
  auto [end, error] = std::from_chars(x.data(), x.data() + x.size(), number);
  return error == std::errc{} && end == x.data() + x.size() && number > 0
         && x.front() != '0';
}

/// Schemes whose pages never send an origin of this form: files send `null`, and
/// a WebSocket's own scheme is not its page's.
bool has_no_pages(std::string_view scheme) {
  return scheme == "ws" || scheme == "wss" || scheme == "file";
}

struct origin_parts {
  std::string_view scheme;
  authority host;
};

std::optional<origin_parts> split_origin(std::string_view text) {
  auto end = text.find("://");
  auto host = end == text.npos ? std::nullopt
                               : split_authority(text.substr(end + 3));
  if (!host)
    return std::nullopt;
  return origin_parts{text.substr(0, end), *host};
}

} // namespace

std::optional<origin_pattern> origin_pattern::parse(std::string_view text) {
  origin_pattern result;
  result.all_ = text == "*";
  if (result.all_)
    return result;
  auto written = lowered(text);
  std::string_view rest{written};
  result.any_port_ = rest.ends_with(":*");
  if (result.any_port_)
    rest.remove_suffix(2);
  auto parts = split_origin(rest);
  if (!parts)
    return std::nullopt;
  auto [name, port] = parts->host;
  result.any_label_ = name.starts_with("*.");
  if (result.any_label_)
    name.remove_prefix(2);
  if (!is_scheme(parts->scheme) || has_no_pages(parts->scheme) || !is_host(name)
      || (result.any_label_ && name.starts_with('['))
      || (!port.empty() && (result.any_port_ || !is_port(port))))
    return std::nullopt;
  result.scheme_ = parts->scheme;
  result.name_ = name;
  if (port != default_port(parts->scheme))
    result.port_ = port;
  return result;
}

bool origin_pattern::matches(std::string_view origin) const {
  if (all_)
    return true;
  auto parts = split_origin(origin);
  if (!parts || parts->scheme != scheme_
      || (!any_port_ && parts->host.port != port_))
    return false;
  auto name = parts->host.name;
  if (!any_label_)
    return name == name_;
  auto dot = name.find('.');
  return dot != name.npos && dot > 0 && name.substr(dot + 1) == name_;
}

} // namespace parlor::transport
