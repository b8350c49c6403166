// SPDX-License-Identifier: MIT
#pragma once

#include "messages/wire/json_scan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace parlor::wire {

/// Takes checked values out of the members of an object. The first that is
/// missing or wrong is complained of; then nothing that was taken counts.
class field_reader {
public:
  /// `prefix` is what complaints put before a member's name.
  explicit field_reader(std::string_view prefix = {}) : prefix_{prefix} {}

  /// The name of a room or a user.
  std::string name(const json::member& x);

  /// A name; empty where the member is missing.
  std::string optional_name(const json::member& x);

  /// Any value, as it was sent.
  std::string content(const json::member& x);

  /// An integer from 0 on; the highest one where it is above 64 bits.
  uint64_t number(const json::member& x);

  /// The same; `otherwise` where the member is missing.
  uint64_t optional_number(const json::member& x, uint64_t otherwise);

  /// Fills in the members of a member that is an object; false where it is
  /// missing.
  bool optional_object(const json::member& x, std::span<json::member> wanted);

  /// Takes over what another reader complains of.
  void pass_on(const field_reader& inner);

  /// Any string; empty where the member is missing.
  std::string text(const json::member& x);

  /// Any string.
  std::string required_text(const json::member& x);

  /// False where the member is missing.
  bool flag(const json::member& x);

  /// Complains of a member that would promise something that is not kept.
  void none(const json::member& x) {
    if (!x.value.empty())
      complain(x, "means nothing here");
  }

  /// Complains in other words, which name the member.
  void complain(std::string_view what) {
    if (complaint_.empty())
      complaint_ = what;
  }

  /// What is wrong, with the name of the member; empty while nothing is.
  const std::string& complaint() const noexcept { return complaint_; }

private:
  void complain(const json::member& x, std::string_view what);

  std::string_view prefix_;
  std::string complaint_;
};

} // namespace parlor::wire
