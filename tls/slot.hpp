// SPDX-License-Identifier: MIT
#pragma once

#include "tls/context.hpp"

#include <atomic>
#include <utility>

namespace parlor::tls {

/// What new connections begin under: renewed files take the place of those before
/// while the service runs. Thread-safe.
class slot {
public:
  explicit slot(context_ptr first) : now_{std::move(first)} {}

  context_ptr get() const { return now_.load(); }

  void set(context_ptr next) { now_.store(std::move(next)); }

private:
  std::atomic<context_ptr> now_;
};

/// Null where there is no TLS.
using slot_ptr = std::shared_ptr<slot>;

} // namespace parlor::tls
