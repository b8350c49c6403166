// SPDX-License-Identifier: MIT
#include "messages/add_messages.hpp"

#include "messages/made_once.hpp"

#include <caf/actor_system_config.hpp>

#define PARLOR_MADE_HERE(message) PARLOR_INSTANTIATE(template, message)
PARLOR_MESSAGES(PARLOR_MADE_HERE)
#undef PARLOR_MADE_HERE

namespace parlor {

void add_messages(caf::actor_system_config& to) {
  to.add_message_types<caf::id_block::parlor>();
}

} // namespace parlor
