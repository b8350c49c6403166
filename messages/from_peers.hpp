// SPDX-License-Identifier: MIT
#pragma once

#include "messages/envelopes.hpp"
#include "messages/links.hpp"
#include "messages/peers.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What actors learn of the other nodes. None of it leaves the process.
namespace parlor {

/// The cluster is another one, or this node is in no more.
struct view_change {
  seating_ptr now;
};

/// A link to another node is up.
struct peer_up {
  link_ptr with;
};

/// It has ended: what was on its way may be lost.
struct peer_down {
  node_id node;
  incarnation stay;
};

/// What another node says.
struct peer_frame {
  link_ptr from;
  incarnation stay;
  uint64_t number = 0;
  std::vector<envelope> content;
};

/// One envelope of it, opened, for the one it is addressed to.
struct peer_letter {
  incarnation from;
  /// The room's or the user's.
  std::string name;
  /// Keeps the content.
  std::shared_ptr<const std::string> bytes;
  std::string_view content;
};

} // namespace parlor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::view_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::peer_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::peer_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::peer_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::peer_letter)
