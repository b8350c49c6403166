// SPDX-License-Identifier: MIT
#pragma once

#include "messages/counts.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace parlor {

/// One I/O thread at one moment, for the metrics. Never leaves the process.
struct thread_report {
  /// Which thread.
  uint8_t thread = 0;
  thread_counts counts;
  /// Messages that wait for the thread's actors, by the kind of these.
  std::map<std::string, uint64_t> mailboxes;
};

} // namespace parlor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::thread_report)
