// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>

namespace parlor::cluster {

/// The thread that links live on, as it is lent to them: one that runs a loop of
/// turns. It runs, and the functions may be called, for as long as there are links.
struct loop_host {
  /// Run by that thread alone.
  boost::asio::io_context* io = nullptr;
  /// Sets what is called there at the end of each turn, before sockets are flushed;
  /// an empty function ends it. On that thread.
  std::function<void(std::function<void()>)> at_end_of_turn;
  /// Sees to it that a turn will end, at once or when the caller's own one does.
  /// Thread-safe.
  std::function<void()> notify;
};

} // namespace parlor::cluster
