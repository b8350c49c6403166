// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parlor::test {

/// How long a test waits for anything before it fails.
inline constexpr std::chrono::seconds patience{30};

/// Something did not happen in time, or happened otherwise.
struct disappointment : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One frame of a server, as it was on the wire.
struct wire_frame {
  /// FIN and opcode.
  uint8_t head = 0;
  std::string payload;

  /// Of a close frame; 0 where it has none.
  unsigned code() const;

  std::string reason() const;

  friend bool operator==(const wire_frame&, const wire_frame&) = default;
};

inline constexpr uint8_t text_head = 0x81;
inline constexpr uint8_t close_head = 0x88;
inline constexpr uint8_t ping_head = 0x89;
inline constexpr uint8_t pong_head = 0x8A;

/// How the server ended a connection.
enum class ending { eof, reset };

/// A raw blocking client: what it sends is what it is told to, and every wait
/// has a deadline, after which it throws.
class client {
public:
  /// A small `receive_buffer` makes a client that takes little at a time.
  explicit client(uint16_t port, int receive_buffer = 0);
  virtual ~client();

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void send(std::string_view bytes);

  /// Sends as much as the kernel takes at once; false where the server is
  /// gone.
  bool send_some(std::string_view bytes);

  /// Sends a masked frame.
  void send_frame(uint8_t head, std::string_view payload);

  void send_text(std::string_view payload) { send_frame(text_head, payload); }

  void send_close(unsigned code, std::string_view reason = "");

  std::string read_exactly(size_t n);

  /// Up to and with this text.
  std::string read_until(std::string_view text);

  wire_frame read_frame();

  /// The next frame that is no ping.
  wire_frame read_answer();

  /// A whole HTTP answer: its head, and its body by Content-Length.
  std::string read_head();
  std::string read_body(const std::string& head);

  /// Sends an upgrade request and reads the answer's head.
  std::string upgrade(std::string_view target = "/ws/ada",
                      std::string_view more_headers = "");

  /// Waits for the end, which must come before any other byte, and then ends
  /// too.
  ending wait_end();

  /// Reads and drops everything up to the end.
  ending drop_all();

  /// Says that nothing follows, as a process does that ends.
  void finish_sending();

  /// Breaks the connection off.
  void reset();

protected:
  /// As much as the kernel takes at once; 0 where it takes nothing, negative
  /// where the server is gone.
  virtual ptrdiff_t put(std::string_view bytes);

  /// Waits for at most `n` bytes; 0 is the end, negative a reset.
  virtual ptrdiff_t take(char* into, size_t n);

  int socket() const { return fd_; }

private:
  size_t receive(char* into, size_t n);
  void wait_for(short events);

  int fd_;
  std::string early_;
};

/// The text of a good upgrade request.
std::string upgrade_request(std::string_view target,
                            std::string_view more_headers = "");

} // namespace parlor::test
