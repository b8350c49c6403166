// SPDX-License-Identifier: MIT
#pragma once

#include "transport/net.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/intrusive/list.hpp>

#include <vector>

namespace parlor::transport {

/// What has become possible with a descriptor.
struct readiness {
  bool readable = false;
  bool writable = false;
  /// The peer sends nothing more, so that reading goes on to the end.
  bool ended = false;
};

/// Who is told. Called on the I/O thread only. May be in one of the thread's lists
/// of `poll_targets`, which it leaves by itself when it is destroyed.
class poll_target
  : public boost::intrusive::list_base_hook<
      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
  virtual ~poll_target() = default;

  /// Told once: the target reads and writes until the kernel has no more.
  virtual void on_ready(readiness what) noexcept = 0;
};

/// Owns nobody, and needs no memory.
using poll_targets = boost::intrusive::list<
  poll_target, boost::intrusive::constant_time_size<false>>;

/// The sockets of one I/O thread in an epoll set of their own, which is a single
/// descriptor to Asio: a message costs one recv(), where Asio tries a second in
/// vain, and a socket that waits costs a pointer. Edge-triggered. Not
/// thread-safe.
class poller {
public:
  /// The io_context outlives it.
  explicit poller(asio::io_context& loop);

  /// Tells `who` from now on, until the socket is closed. `who` must live to the
  /// end of the loop's turn in which that happens.
  error_code watch(int socket, poll_target& who);

  /// Tells `who` in place of the one before.
  void pass_on(int socket, poll_target& who) noexcept;

private:
  void arm();
  void tell();

  asio::posix::basic_stream_descriptor<executor> set_;
  /// Who is told, by descriptor. Whoever is left of one that was closed is told
  /// nothing, for nothing happens to it.
  std::vector<poll_target*> targets_;
};

} // namespace parlor::transport
