// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/loop.hpp"

#include "tests/bench/wsload/time.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace parlor::bench::wsload {

namespace {

volatile std::sig_atomic_t stop_signal = 0;

constexpr uint64_t ms = 1'000'000;

} // namespace

loop::loop(state& st, links& wire, publisher& out, receiver& in)
  : st_(st), wire_(wire), out_(out), in_(in), events_(2048) {
  // nop
}

bool loop::stopped() {
  return stop_signal != 0;
}

void loop::stop_on_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM})
    std::signal(signal, [](int) { stop_signal = 1; });
}

int loop::wait(uint64_t until) {
  const auto begin = now();
  const auto size = static_cast<int>(events_.size());
  const auto limit = std::min(until, out_.next_tick());
  if (st_.opts.spin || limit <= begin) {
    const auto n = epoll_wait(wire_.epoll_fd(), events_.data(), size, 0);
    if (n == 0)
      empty_time_ += now() - begin;
    return n;
  }
  const auto left = std::min(limit - begin, 200 * ms);
  const timespec timeout{0, static_cast<long>(left)};
  return epoll_pwait2(wire_.epoll_fd(), events_.data(), size, &timeout,
                      nullptr);
}

void loop::turn(uint64_t until) {
  const auto n = wait(until);
  for (int i = 0; i < n; ++i) {
    handle(events_[static_cast<size_t>(i)]);
    if (i % 16 == 15)
      out_.tick();
  }
  out_.tick();
}

inline void loop::handle(const epoll_event& event) {
  auto& c = st_.clients[event.data.u32];
  if (c.fd >= 0 && (event.events & EPOLLOUT) != 0)
    wire_.writable(c);
  if (c.fd >= 0 && (event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
    in_.readable(c);
    if (out_.by_all())
      out_.fill_window(c.room);
  }
}

void loop::run_for(double seconds) {
  const auto end = now() + nanoseconds(seconds);
  while (!stopped() && now() < end)
    turn(end);
}

double loop::open_all(uint32_t count) {
  const auto begin = now();
  const auto deadline = begin + nanoseconds(st_.opts.ready_timeout);
  const auto& people = st_.now;
  auto shown = begin;
  uint32_t next = 0;
  while (!stopped()) {
    while (next < count
           && people.opening + people.open - people.ready
                < st_.opts.concurrency)
      wire_.start(st_.clients[next++]);
    if (next == count && people.opening == 0
        && people.ready + people.failed + st_.count.died >= count)
      break;
    const auto time = now();
    const auto progress = "open " + std::to_string(people.open) + " ready "
                          + std::to_string(people.ready);
    if (time > deadline) {
      st_.note("not all ready in time: " + progress + " failed "
               + std::to_string(people.failed) + " of "
               + std::to_string(count));
      break;
    }
    if (time - shown > 5000 * ms) {
      std::fprintf(stderr, "  ... %s\n", progress.c_str());
      shown = time;
    }
    turn(time + 100 * ms);
  }
  return seconds(now() - begin);
}

void loop::close_all() {
  std::string frame;
  if (st_.opts.close_how == "clean")
    append_frame(frame, opcode::close, "\x03\xe8");
  const auto how = st_.opts.close_how == "rst" ? links::close::reset
                                               : links::close::fin;
  for (auto& c : st_.clients) {
    if (c.fd < 0)
      continue;
    if (!frame.empty())
      send(c.fd, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    wire_.drop(c, how);
  }
}

} // namespace parlor::bench::wsload
