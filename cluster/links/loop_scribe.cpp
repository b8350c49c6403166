// SPDX-License-Identifier: MIT
#include "cluster/links/loop_scribe.hpp"

#include "telemetry/log.hpp"

#include <boost/asio/post.hpp>
#include <caf/io/network/interfaces.hpp>
#include <caf/io/network/native_socket.hpp>
#include <caf/io/network/operation.hpp>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace parlor::cluster {

using boost::system::error_code;

loop_scribe::loop_scribe(loop_multiplexer& at, trusted_socket& from)
  : loop_scribe{at, from.release(), from.release_tls()} {}

loop_scribe::loop_scribe(loop_multiplexer& at, int socket,
                         std::unique_ptr<SSL, ssl_closer> tls)
  : scribe{caf::io::connection_handle::from_int(socket)},
    mpx_{at},
    number_{socket} {
  if (tls)
    tls_.emplace(std::move(tls));
}

loop_scribe::~loop_scribe() {
  if (!socket_)
    ::close(number_);
}

std::string loop_scribe::addr() const {
  auto x = caf::io::network::remote_addr_of_fd(number_);
  return x ? *x : "";
}

uint16_t loop_scribe::port() const {
  auto x = caf::io::network::remote_port_of_fd(number_);
  return x ? *x : uint16_t{0};
}

// -- begin and end -----------------------------------------------------------------

void loop_scribe::configure_read(caf::io::receive_policy::config config) {
  auto begins = wanted_ == 0 && !ended_;
  wanted_ = config.second;
  if (begins)
    begin();
}

/// The broker is busy with something else: it gets what is there later. That may
/// be with TLS already, which has read more than its handshake.
void loop_scribe::begin() {
  error_code error;
  socket_.emplace(mpx_.io());
  socket_->assign(number_, error);
  if (error)
    socket_.reset();
  mpx_.add(*this);
  mpx_.begin_wait();
  boost::asio::post(mpx_.io(), [self = pointer{this}, error] {
    self->mpx_.end_wait();
    if (error)
      log::error("cannot wait for a node", {{"problem", error.message()}});
    if (error)
      self->fail();
    else if (!self->ended_)
      self->on_readable();
  });
}

void loop_scribe::end() {
  if (std::exchange(ended_, true))
    return;
  mpx_.remove(*this);
  error_code ignored;
  if (socket_)
    socket_->close(ignored);
}

void loop_scribe::remove_from_loop() {
  end();
}

void loop_scribe::fail() {
  pointer self{this};
  end();
  io_failure(&mpx_, caf::io::network::operation::read);
}

void loop_scribe::graceful_shutdown() {
  pointer self{this};
  send();
  if (!ended_)
    ::shutdown(number_, SHUT_WR);
  end();
  detach(&mpx_, false);
}

template <class F>
void loop_scribe::await(descriptor::wait_type what, F then) {
  mpx_.begin_wait();
  socket_->async_wait(what, [self = pointer{this}, then](error_code error) {
    self->mpx_.end_wait();
    if (!error && !self->ended_)
      then(*self);
  });
}

// -- what comes --------------------------------------------------------------------

void loop_scribe::on_readable() {
  auto alive = receive();
  hand_on();
  if (!alive)
    fail();
  // Whom it was for runs in this turn.
  mpx_.run_ready();
  if (!ended_)
    await(descriptor::wait_read, [](loop_scribe& x) { x.on_readable(); });
}

/// False where the peer has ended it.
bool loop_scribe::receive() {
  auto& room = mpx_.scratch();
  auto count = ::recv(number_, room.data(), room.size(), MSG_DONTWAIT);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
    return false;
  std::string_view bytes{room.data(), static_cast<size_t>(std::max(count, {}))};
  if (tls_)
    return open(bytes);
  received_.insert(received_.end(), bytes.begin(), bytes.end());
  return true;
}

bool loop_scribe::open(std::string_view sealed) {
  auto alive = tls_->open(sealed, received_);
  // A peer that refuses this node's certificate says so behind the handshake.
  if (!alive && !tls_->problem().empty())
    log::warn("a node ends TLS",
              {{"at", addr()}, {"problem", tls_->problem()}});
  if (tls_->has_to_say())
    send_soon();
  return alive;
}

/// The broker asks for the next bytes while it takes these.
void loop_scribe::hand_on() {
  size_t at = 0;
  while (!ended_ && wanted_ > 0 && received_.size() - at >= wanted_) {
    auto size = wanted_;
    auto from = received_.begin() + static_cast<std::ptrdiff_t>(at);
    message_.assign(from, from + static_cast<std::ptrdiff_t>(size));
    at += size;
    if (!consume(&mpx_, message_.data(), size))
      end();
  }
  received_.erase(received_.begin(),
                  received_.begin() + static_cast<std::ptrdiff_t>(at));
}

// -- what goes ---------------------------------------------------------------------

void loop_scribe::flush() {
  if (!to_send_.empty())
    send_soon();
}

void loop_scribe::send_soon() {
  if (!std::exchange(dirty_, true))
    mpx_.note_dirty(*this);
}

void loop_scribe::send() {
  dirty_ = false;
  if (tls_)
    tls_->seal({to_send_.data(), to_send_.size()}, sealed_);
  else
    sealed_.insert(sealed_.end(), to_send_.begin(), to_send_.end());
  to_send_.clear();
  if (socket_ && !ended_ && !awaits_writable_)
    push();
}

/// What cannot be sent for good is readable, too: its reader ends it.
void loop_scribe::push() {
  while (sent_ < sealed_.size()) {
    auto count = ::send(number_, sealed_.data() + sent_, sealed_.size() - sent_,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return errno == EAGAIN ? await_writable() : void();
    sent_ += static_cast<size_t>(count);
  }
  sealed_.clear();
  sent_ = 0;
}

void loop_scribe::await_writable() {
  awaits_writable_ = true;
  await(descriptor::wait_write, [](loop_scribe& x) {
    x.awaits_writable_ = false;
    x.push();
  });
}

} // namespace parlor::cluster
