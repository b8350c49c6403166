// SPDX-License-Identifier: MIT
#pragma once

#include "messages/wire/command.hpp"
#include "tests/fuzz/second_opinion.hpp"

#include <optional>

/// What a frame means, found out twice: by wire::decode, and from nlohmann's
/// value of it.
namespace parlor::fuzz {

/// A command as one value, its contents parsed.
json shown(const wire::command& x);

/// Thrown for a number above 64 bits: nlohmann has a double then, however it
/// was written.
struct unclear {};

/// The same as `shown`, from the frame. None where it is to be rejected.
std::optional<json> expected(const json& frame);

} // namespace parlor::fuzz
