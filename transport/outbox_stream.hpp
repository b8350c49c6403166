// SPDX-License-Identifier: MIT
#pragma once

#include "transport/outbox.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include <string>
#include <utility>

namespace parlor::transport {

/// The stream below Beast's `websocket::stream`: reads from the socket, writes
/// into the outbox, where Beast's bytes keep their place among the frames.
/// A write is done as soon as it is queued. Not thread-safe.
class outbox_stream {
public:
  using executor_type = executor;

  /// `early` is what the client sent behind its upgrade request: it is read
  /// first. The outbox outlives the stream.
  outbox_stream(outbox& box, std::string early)
    : box_{&box}, early_{std::move(early)} {}

  executor_type get_executor() noexcept {
    return box_->socket().get_executor();
  }

  outbox& box() noexcept { return *box_; }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& into, Handler&& handler) {
    box_->owner().on_read();
    return asio::async_initiate<Handler, void(error_code, size_t)>(
      [this](auto h, const auto& buffers) {
        if (early_.empty())
          return box_->socket().async_read_some(buffers, std::move(h));
        auto n = asio::buffer_copy(buffers, asio::buffer(early_));
        early_.erase(0, n);
        finish(std::move(h), {}, n);
      },
      handler, into);
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& from, Handler&& handler) {
    return asio::async_initiate<Handler, void(error_code, size_t)>(
      [this](auto h, const auto& buffers) {
        std::string bytes(asio::buffer_size(buffers), '\0');
        asio::buffer_copy(asio::buffer(bytes), buffers);
        box_->append(bytes);
        finish(std::move(h), {}, bytes.size());
      },
      handler, from);
  }

private:
  template <class Handler>
  void finish(Handler handler, error_code err, size_t n) {
    asio::post(get_executor(),
               boost::beast::bind_handler(std::move(handler), err, n));
  }

  outbox* box_;
  std::string early_;
};

/// Ends a socket in good order: waits until the outbox is empty, says that
/// nothing follows, and reads what the peer still sends up to its end, since a
/// socket that is closed with unread input resets, and the peer then loses our
/// last bytes. Has no deadline: the session closes the socket when its time is
/// up. Not thread-safe.
class teardown {
public:
  explicit teardown(outbox& box) : box_{&box} {}

  template <class Self>
  void operator()(Self& self, error_code err = {}) {
    auto& socket = box_->socket();
    switch (std::exchange(next_, step::drain)) {
      case step::start:
        return asio::post(socket.get_executor(), std::move(self));
      case step::drain:
        if (!err)
          box_->flush();
        if (!err && !box_->drained())
          return socket.async_wait(tcp_socket::wait_write, std::move(self));
        box_->shut();
        [[fallthrough]];
      case step::linger:
        next_ = step::linger;
        if (!err && socket.is_open() && !swallow(socket))
          return socket.async_wait(tcp_socket::wait_read, std::move(self));
        // Success: Beast then reports why the conversation ended.
        self.complete({});
    }
  }

private:
  enum class step { start, drain, linger };

  outbox* box_;
  step next_ = step::start;
};

/// Found by Beast through argument-dependent lookup.
template <class Handler>
auto async_teardown(boost::beast::role_type, outbox_stream& stream,
                    Handler&& handler) {
  stream.box().owner().on_teardown();
  return asio::async_compose<Handler, void(error_code)>(teardown{stream.box()},
                                                        handler, stream);
}

/// Found by Beast likewise: closes at once.
inline void beast_close_socket(outbox_stream& stream) {
  stream.box().close();
}

} // namespace parlor::transport
