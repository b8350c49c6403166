// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/frame.hpp"
#include "tests/bench/wsload/state.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace parlor::bench::wsload {

/// The sockets: opened, upgraded, written to and dropped here, and nowhere
/// else. Owns the epoll instance that they are watched by; an event's data is
/// the index of its client.
class links {
public:
  explicit links(state& st);
  ~links();
  links(const links&) = delete;
  links& operator=(const links&) = delete;

  int epoll_fd() const { return epoll_; }

  /// Begins to connect; a failure is counted and leaves the client dead.
  void start(client& c);

  /// The socket takes bytes again, or is connected.
  void writable(client& c);

  /// The upgrade was accepted: sends what --send-on-open says.
  void opened(client& c);

  void set_ready(client& c);

  /// False where the connection is gone; bytes that the kernel does not take
  /// are kept.
  bool send(client& c, std::string_view bytes);

  void send_frame(client& c, opcode type, std::string_view payload);
  void send_template(client& c, const text_template& text);

  enum class close { fin, reset };

  /// Closes without a close frame.
  void drop(client& c, close how);

  /// Counts and notes the error (with errno), then drops.
  void fail(client& c, const char* why);

  /// The opcode of what is published.
  opcode data_opcode() const {
    return st_.opts.binary ? opcode::binary : opcode::text;
  }

private:
  /// The name of the call that failed, or null.
  const char* connect(client& c);
  bool bind_source(client& c);
  void send_upgrade(client& c);
  void watch_writes(client& c, bool wanted);

  state& st_;
  int epoll_;
  /// Scratch, to spare allocations.
  std::string text_;
  std::string frame_;
};

} // namespace parlor::bench::wsload
