// SPDX-License-Identifier: MIT
#include "transport/poller.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>

namespace parlor::transport {

namespace {

/// Sockets that are told before others have their turn.
constexpr int at_once = 256;

int make_set() {
  auto result = ::epoll_create1(EPOLL_CLOEXEC);
  if (result < 0)
    throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  return result;
}

readiness readiness_of(uint32_t events) {
  constexpr uint32_t broken = EPOLLHUP | EPOLLERR;
  auto any = [=](uint32_t x) { return (events & x) != 0; };
  return {any(EPOLLIN | EPOLLRDHUP | broken), any(EPOLLOUT | broken),
          any(EPOLLRDHUP | broken)};
}

} // namespace

poller::poller(asio::io_context& loop) : set_{loop, make_set()} {
  arm();
}

error_code poller::watch(int socket, poll_target& who) {
  auto place = static_cast<size_t>(socket);
  if (targets_.size() <= place)
    targets_.resize(place + 1);
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.fd = socket;
  if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, socket, &wanted) != 0)
    return {errno, boost::system::generic_category()};
  targets_[place] = &who;
  return {};
}

void poller::pass_on(int socket, poll_target& who) noexcept {
  targets_[static_cast<size_t>(socket)] = &who;
}

void poller::arm() {
  set_.async_wait(asio::posix::descriptor_base::wait_read,
                  [this](error_code err) {
                    if (err)
                      return;
                    tell();
                    arm();
                  });
}

void poller::tell() {
  std::array<epoll_event, at_once> found;
  auto count = ::epoll_wait(set_.native_handle(), found.data(), at_once, 0);
  // A socket may be closed meanwhile, and a new one have its number: then that
  // one is told too much, which does no harm.
  for (auto i = 0; i < count; ++i)
    targets_[static_cast<size_t>(found[i].data.fd)]->on_ready(
      readiness_of(found[i].events));
}

} // namespace parlor::transport
