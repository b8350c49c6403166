// SPDX-License-Identifier: MIT
#include "messages/add_messages.hpp"

#include "messages/all.hpp"

#include <caf/actor_system_config.hpp>

namespace parlor {

void add_messages(caf::actor_system_config& to) {
  to.add_message_types<caf::id_block::parlor>();
}

} // namespace parlor
