// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/root.hpp"

#include <caf/send.hpp>

#include <mutex>
#include <optional>
#include <utility>

namespace parlor::cluster {

/// A way to the root for threads, and for links in other hands, that may be
/// there longer than it and its actor system. Thread-safe.
class root_line {
public:
  void connect(root_actor root) {
    std::lock_guard guard{mutex_};
    root_ = std::move(root);
  }

  /// Nothing gets through any more.
  void cut() {
    std::lock_guard guard{mutex_};
    root_.reset();
  }

  template <class T>
  void send(T what) {
    std::lock_guard guard{mutex_};
    if (root_)
      caf::anon_send(*root_, std::move(what));
  }

private:
  std::mutex mutex_;
  std::optional<root_actor> root_;
};

} // namespace parlor::cluster
