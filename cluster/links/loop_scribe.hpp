// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/gate.hpp"
#include "cluster/links/loop_multiplexer.hpp"
#include "cluster/links/memory_tls.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/io/scribe.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::cluster {

/// CAF's end of a connection that the gate let through, on the thread of a
/// `loop_multiplexer`. One recv each time that something is there, whatever
/// number of messages it has; one send at the end of a turn, whatever was
/// written in it. Made on any thread, and used on that one.
class loop_scribe final : public caf::io::scribe {
public:
  loop_scribe(loop_multiplexer& at, trusted_socket& from);

  ~loop_scribe() override;

  /// Sends what was written since the last time; waits where the kernel takes no
  /// more.
  void send();

  /// Ends it, and tells the broker that it is lost.
  void fail();

  // -- caf::io::scribe -------------------------------------------------------------

  /// Begins to read, the first time. BASP asks for so many bytes exactly.
  void configure_read(caf::io::receive_policy::config config) override;

  std::vector<char>& wr_buf() override { return to_send_; }
  std::vector<char>& rd_buf() override { return message_; }
  void flush() override;

  /// What was written is sent before it ends.
  void graceful_shutdown() override;

  std::string addr() const override;
  uint16_t port() const override;
  void ack_writes(bool) override {}
  void add_to_loop() override {}
  void remove_from_loop() override;

private:
  using descriptor = boost::asio::posix::stream_descriptor;
  using pointer = caf::intrusive_ptr<loop_scribe>;

  loop_scribe(loop_multiplexer& at, int socket,
              std::unique_ptr<SSL, ssl_closer> tls);

  void begin();
  void end();
  void on_readable();
  bool receive();
  bool open(std::string_view sealed);
  void hand_on();
  void send_soon();
  void push();
  void await_writable();

  template <class F>
  void await(descriptor::wait_type what, F then);

  loop_multiplexer& mpx_;
  /// Its own until `socket_` has it.
  int number_;
  std::optional<descriptor> socket_;
  std::optional<memory_tls> tls_;
  bool ended_ = false;
  bool dirty_ = false;
  bool awaits_writable_ = false;
  /// Bytes of the message that the broker waits for.
  size_t wanted_ = 0;
  std::vector<char> message_;
  std::vector<char> received_;
  std::vector<char> to_send_;
  /// As it goes out, and what of it has.
  std::vector<char> sealed_;
  size_t sent_ = 0;
};

} // namespace parlor::cluster
