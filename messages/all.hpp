// SPDX-License-Identifier: MIT
#pragma once

/// Every message type, complete: for tests, and messages/made_once.hpp. Others
/// include what they need.
#include "messages/add_messages.hpp"
#include "messages/from_peers.hpp"
#include "messages/process_vitals.hpp"
#include "messages/report.hpp"
#include "messages/thread_report.hpp"
#include "messages/to_admin.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_lane.hpp"
#include "messages/to_registry.hpp"
#include "messages/to_room.hpp"
