// SPDX-License-Identifier: MIT
#pragma once

#include <caf/mailbox_element.hpp>
#include <caf/uniform_type_info_map.hpp>

#include <string>
#include <string_view>

namespace parlor::inspection {

/// What kind of message it is: its types and atoms, such as "join" or "atom
/// tick, u64"; an answer to a request begins with "answer: ". Says nothing of
/// what it holds.
std::string name_of(const caf::mailbox_element& x,
                    const caf::uniform_type_info_map& types);

/// What kind of actor has sent it; empty where none has.
std::string_view sender_kind(const caf::mailbox_element& x);

} // namespace parlor::inspection
