// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "transport/io_options.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace parlor::inspection {

/// The inspector of a process that has one: its actors, and where HTTP asks
/// them. Which of two libraries implements `start` is chosen by the linker
/// (0020); the interface is the same in every build.
class host {
public:
  virtual ~host() = default;

  /// Where /debug and /inspect turn to. Lives as long as who holds it.
  virtual std::shared_ptr<const transport::inspection_port> port() const = 0;

  /// Ends the inspector's actors: called when the service ends, from the main
  /// thread.
  virtual void end() = 0;
};

/// Starts the inspector, before any other actor and any thread; null in a build
/// that has none. `env`, complete but for that, outlives its actors.
std::unique_ptr<host> start(caf::actor_system& sys, const environment& env);

} // namespace parlor::inspection
