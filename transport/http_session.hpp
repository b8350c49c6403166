// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"
#include "messages/ports.hpp"
#include "transport/http_reply.hpp"
#include "transport/net.hpp"
#include "transport/request_head.hpp"
#include "transport/thread_context.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace parlor::transport {

/// One accepted connection as long as it speaks HTTP: answers one request after
/// the other, in their order, until it ends, is idle for too long, or becomes
/// a WebSocket. Not thread-safe: lives on its I/O thread.
class http_session : public std::enable_shared_from_this<http_session> {
public:
  /// Begins to read.
  static void start(thread_context& context, tcp_socket socket);

  http_session(thread_context& context, tcp_socket socket);
  ~http_session();

  /// The answer to this request has come; ignored where it is not awaited.
  void on_answer(uint64_t serial, api_answer what);

  /// The timer wheel's visit.
  void on_visit(timer_wheel::tick due);

  /// Closes the socket at once.
  void abort() noexcept { finish(); }

private:
  /// Beast's parser and buffer, kept out of this header.
  struct exchange;

  enum class phase : uint8_t {
    reading_head,
    reading_body,
    /// Until admin answers.
    waiting,
    writing,
    /// All is said; what the peer still sends is dropped.
    draining,
    gone,
  };

  void read_head();
  void on_head(error_code err);
  void judge(const request_head& head);
  void upgrade(const request_head& head);
  void take_body(bool continues);
  void read_body();
  void on_body(error_code err);
  void ask();
  void refuse_error(error_code err);
  void refuse(const refusal& why);
  void reply_unread(const http_reply& what);
  void reply(const http_reply& what);
  void on_written(error_code err);
  void drain();
  void finish() noexcept;

  void enter(phase next);
  clock::time_point due() const;

  template <class F>
  void guarded(F f) noexcept;

  thread_context& context_;
  connection_id id_;
  tcp_socket socket_;
  std::unique_ptr<exchange> exchange_;
  std::string ip_;
  bool from_loopback_ = false;
  appointment visit_;
  phase phase_ = phase::reading_head;
  /// Since when the phase lasts.
  clock::time_point since_;
  /// Counts requests.
  uint64_t serial_ = 0;
  bool head_only_ = false;
  bool keep_alive_ = false;
  /// What is being asked of admin.
  std::unique_ptr<api_request> asked_;
  /// What is being written.
  std::string out_;
};

} // namespace parlor::transport
