// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parlor::transport {

/// Whether two texts are the same but for ASCII case.
bool same_text(std::string_view x, std::string_view y) noexcept;

/// Without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text) noexcept;

/// The members of a comma-separated header value, trimmed, without empty ones.
std::vector<std::string_view> list_members(std::string_view value);

/// The head of an HTTP request, as the pure judgements on it see it. Refers to
/// texts that someone else keeps.
struct request_head {
  std::string_view method;
  std::string_view target;
  /// 11 for HTTP/1.1.
  unsigned version = 11;
  std::vector<std::pair<std::string_view, std::string_view>> headers;

  /// The value of the first header of this name, trimmed; none where there is
  /// none.
  std::optional<std::string_view> find(std::string_view name) const;

  size_t count(std::string_view name) const;

  bool has(std::string_view name) const { return count(name) > 0; }

  /// The token of the one `Authorization: Bearer` (RFC 6750 §2.1).
  std::optional<std::string_view> bearer() const;

  /// All members of all headers of this name.
  std::vector<std::string_view> list(std::string_view name) const;

  /// Whether one of them is this token, whatever its case.
  bool lists(std::string_view name, std::string_view token) const;

  /// Takes a target in absolute form (`http://host/path`) apart: what follows
  /// the authority becomes the target, and the authority the Host, whatever
  /// that was (RFC 9112 §3.2.2). Any other target stays as it is.
  void to_origin_form();
};

/// Why a request is not served: becomes an RFC 9457 problem.
struct refusal {
  unsigned status = 400;
  std::string detail;
  /// Such as Allow and WWW-Authenticate.
  std::vector<std::pair<std::string, std::string>> headers;
};

} // namespace parlor::transport
