// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"
#include "messages/ports.hpp"
#include "transport/audience.hpp"
#include "transport/body_share.hpp"
#include "transport/http_reply.hpp"
#include "transport/net.hpp"
#include "transport/poller.hpp"
#include "transport/request_head.hpp"
#include "transport/stream.hpp"
#include "transport/thread_context.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace parlor::transport {

/// Beast's parser, kept out of this header.
struct http_exchange;

/// One accepted connection as long as it speaks HTTP: answers one request after
/// the other, in their order, until it ends, is idle for too long, or becomes
/// a WebSocket. Not thread-safe: lives on its I/O thread, in its thread's table,
/// and to the end of the turn in which it leaves that.
class http_session final : public poll_target {
public:
  /// Begins to read. `whom` says for whom the port is.
  static void start(thread_context& context, stream socket,
                    asio::ip::address peer, audience whom);

  http_session(thread_context& context, stream socket,
               const asio::ip::address& peer, audience whom);
  ~http_session() override;

  /// The answer to this request has come; ignored where it is not awaited.
  void on_answer(uint64_t serial, api_answer what);

  /// The timer wheel's visit.
  void on_visit(timer_wheel::tick due);

  /// This thread did nothing for so long: that is not the peer's silence.
  void excuse(clock::duration pause) noexcept;

  /// Closes the socket at once.
  void abort() noexcept { finish(); }

  void on_ready(readiness what) noexcept override;

private:
  enum class phase : uint8_t {
    reading_head,
    /// The client waits to be told to go on with its body.
    continuing,
    reading_body,
    /// Until admin answers.
    waiting,
    writing,
    /// All is said; what the peer still sends is dropped.
    draining,
    gone,
  };

  void read_head();
  bool wants_input() const noexcept;
  unsigned weight() const noexcept;
  bool read();
  void read_some();
  void read_later() noexcept;
  void on_broken();
  void understand(std::string input);
  bool take(error_code (http_exchange::*part)(std::string_view&));
  void on_head();
  void judge(request_head& head);
  bool inspect(const request_head& head);
  void upgrade(const request_head& head);
  void take_body(bool continues);
  bool share_body(size_t bytes);
  void ask();
  void refuse_error(error_code err);
  void refuse(const refusal& why);
  void refuse_body();
  void reply_unread(const http_reply& what);
  void reply(const http_reply& what);
  void write(std::string what);
  void write_on();
  void on_written();
  void judge_time();
  void give_up();
  void finish() noexcept;

  void enter(phase next);
  void arrange_visit();
  bool is_new() const noexcept;
  clock::duration patience() const;
  clock::time_point due() const { return since_ + patience(); }
  void look();

  template <class F>
  void guarded(F f) noexcept;

  thread_context& context_;
  connection_id id_;
  stream socket_;
  std::unique_ptr<http_exchange> exchange_;
  asio::ip::address peer_;
  audience serves_;
  appointment visit_;
  phase phase_ = phase::reading_head;
  /// The kernel may have more to read.
  bool readable_ = false;
  /// What it has ends.
  bool ends_ = false;
  /// Its time may be up, once it was read what came in time.
  bool visited_ = false;
  bool head_only_ = false;
  bool keep_alive_ = false;
  /// Since when the phase lasts or, of a body and of what is written, nothing
  /// went on.
  clock::time_point since_;
  /// Counts requests.
  uint64_t serial_ = 0;
  /// What was read but not understood yet: part of a head, of a line between
  /// chunks or of trailers, or what came behind a request that is not answered
  /// yet. No more than `max_header_bytes` and what one read brings.
  std::string rest_;
  body_share share_;
  /// What is being asked of admin.
  std::unique_ptr<api_request> asked_;
  /// What is being written; so many bytes of it the kernel took.
  std::string out_;
  size_t written_ = 0;
  /// What was left of it when it was last looked, by the peer's acknowledgements.
  size_t left_ = 0;
};

} // namespace parlor::transport
