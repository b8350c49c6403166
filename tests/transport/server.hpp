// SPDX-License-Identifier: MIT
#pragma once

#include "messages/handshake.hpp"
#include "messages/to_admin.hpp"
#include "messages/to_connection.hpp"
#include "tests/transport/client.hpp"
#include "transport/io_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace parlor::test {

/// One socket_closed that an actor was told.
struct ended {
  connection_id who;
  close_code code;
  std::string reason;
  departure why;
};

/// What the stub actors saw. Thread-safe.
class notes {
public:
  void add_open(const handshake& x);
  void add_text(std::string x);
  void add_end(ended x);
  void add_alarm(connection_id x);

  std::vector<handshake> opened() const;
  std::vector<std::string> texts() const;
  std::vector<ended> ends() const;
  std::vector<connection_id> alarms() const;

  /// Waits until so many are there, and returns them.
  std::vector<handshake> wait_opened(size_t n) const;
  std::vector<std::string> wait_texts(size_t n) const;
  std::vector<ended> wait_ends(size_t n) const;
  std::vector<connection_id> wait_alarms(size_t n) const;

private:
  template <class T>
  std::vector<T> wait(const std::vector<T>& of, size_t n) const;

  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  std::vector<handshake> opened_;
  std::vector<std::string> texts_;
  std::vector<ended> ends_;
  std::vector<connection_id> alarms_;
};

/// How the stubs behave.
struct manners {
  transport::io_options options = {};
  /// Lets connections in as soon as they are open.
  bool admits = true;
  /// Serves every message at once.
  bool serves = true;
  /// What a request of the HTTP API is done with.
  std::function<void(api_request&)> admin = nullptr;
};

/// An I/O thread with real sockets on 127.0.0.1, in front of stub actors.
class server {
public:
  explicit server(manners how = {});
  ~server();

  uint16_t port() const { return port_; }

  /// Runs something on the I/O thread, to its end.
  template <class F>
  auto on_thread(F f) {
    std::packaged_task<decltype(f())()> task{std::move(f)};
    auto result = task.get_future();
    boost::asio::post(loop_, std::move(task));
    if (result.wait_for(patience) != std::future_status::ready)
      throw disappointment{"the I/O thread is stuck"};
    return result.get();
  }

  /// Only on the I/O thread.
  transport::io_thread& sockets() { return *sockets_; }

  /// Waits until this is true on the I/O thread.
  void wait_until(const std::function<bool()>& what);

  /// Waits until no WebSocket is open.
  void wait_idle();

  /// Upgrades a client and returns its connection's id.
  connection_id open(client& x, std::string_view target = "/ws/ada",
                     std::string_view more_headers = "");

  /// The one way in which all of a single connection ended: waits for it, and
  /// until nothing can be told any more.
  ended only_end();

  notes seen;

private:
  struct config : caf::actor_system_config {
    config();
  };

  void run();
  connection_actor open_stub(const handshake& hello);
  void take(connection_id who, client_frame& x);

  manners how_;
  config config_;
  caf::actor_system system_{config_};
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
    busy_{loop_.get_executor()};
  std::unique_ptr<transport::io_thread> sockets_;
  std::vector<caf::actor> stubs_;
  uint16_t port_ = 0;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

} // namespace parlor::test
