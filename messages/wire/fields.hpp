// SPDX-License-Identifier: MIT
#pragma once

#include "messages/wire/json_scan.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parlor::wire {

/// Takes checked values out of the members of an object. The first that is
/// missing or wrong is complained of; then nothing that was taken counts.
class field_reader {
public:
  /// The name of a room or a user.
  std::string name(const json::member& x);

  /// A name, or none where the member is missing.
  std::optional<std::string> optional_name(const json::member& x);

  /// Any value, as it was sent.
  std::string content(const json::member& x);

  /// Any string; empty where the member is missing.
  std::string text(const json::member& x);

  /// False where the member is missing.
  bool flag(const json::member& x);

  /// What is wrong, with the name of the member; empty while nothing is.
  const std::string& complaint() const noexcept { return complaint_; }

private:
  void complain(const json::member& x, std::string_view what);

  std::string complaint_;
};

} // namespace parlor::wire
