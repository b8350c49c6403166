// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/event_loop.hpp"
#include "actors/node.hpp"
#include "app/neighbours.hpp"
#include "app/settings.hpp"
#include "inspection/host.hpp"
#include "transport/audience.hpp"
#include "transport/io_options.hpp"
#include "transport/io_thread.hpp"

#include <caf/actor_system.hpp>
#include <caf/error.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace parlor {

/// The parts of a running node put together: I/O threads with their sockets,
/// and the actors on them. Belongs to the main thread, which is none of those.
class runtime {
public:
  /// Starts the threads and the core actors. `ended` is called on an I/O thread
  /// once these have ended, with an error where one has failed.
  runtime(caf::actor_system& sys, const settings& with,
          std::function<void(const caf::error&)> ended);

  /// Ends what is left of sockets and actors, then the threads.
  ~runtime();

  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  /// Hands the changeable part of the settings, which may have changed, to the
  /// I/O threads, and calls `then` on one of them once all have it.
  void adopt(std::function<void()> then);

  /// Why nobody can come, and the address that it is about.
  struct deafness {
    std::string host;
    uint16_t port = 0;
    std::string problem;
  };

  /// Comes into the cluster, and listens on every I/O thread; returns what went
  /// wrong.
  std::optional<deafness> listen();

  /// The port that was bound.
  uint16_t port() const noexcept { return port_; }

  /// That of administrators; 0 where they have none of their own.
  uint16_t admin_port() const noexcept { return admin_port_; }

  /// Tells every client to go, and whoever comes from now on.
  void close(close_code code);

  /// Accepts no client any more.
  void stop_listening();

  /// Calls `then` on an I/O thread when no WebSocket is open any more.
  void when_idle(std::function<void()> then);

  /// Calls `then` on an I/O thread when this node has caught up with its cluster,
  /// or has tried for so long.
  void when_caught_up(std::chrono::seconds patience,
                      std::function<void()> then);

  /// Calls `then` on an I/O thread when others have what was confirmed here.
  void when_handed_over(std::function<void()> then);

  /// Calls `then` on an I/O thread when each of them has come to it.
  void when_turned(std::function<void()> then);

private:
  /// One I/O thread.
  struct io {
    io(caf::actor_system& sys, uint8_t index,
       const transport::io_options& options);

    event_loop loop;
    transport::io_thread sockets;
    std::thread thread;
  };

  /// Binds `port`, and says which it was where that was 0.
  std::optional<deafness> listen(const std::string& host, uint16_t& port,
                                 transport::audience whom);
  void start_threads();
  void attach_sockets();
  transport::io_options options_now() const;
  void note_certificates();

  using ends_by_option = std::map<std::string, uint64_t>;

  caf::actor_system& sys_;
  const settings& settings_;
  /// When certificates end; actors look at it.
  std::shared_ptr<std::atomic<std::shared_ptr<const ends_by_option>>>
    certificate_ends_
    = std::make_shared<std::atomic<std::shared_ptr<const ends_by_option>>>();
  environment env_;
  std::vector<std::unique_ptr<io>> ios_;
  /// Null where there is no cluster.
  std::shared_ptr<neighbours> neighbours_;
  /// Null where this build has none.
  std::unique_ptr<inspection::host> inspection_;
  uint32_t first_generation_ = 1;
  core_actors core_;
  node_actor node_;
  uint16_t port_ = 0;
  uint16_t admin_port_ = 0;
};

} // namespace parlor
