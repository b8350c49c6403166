// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"
#include "transport/listener.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

/// While it lives the process can open no descriptor.
class scarcity {
public:
  scarcity() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    // Fills the gaps below the highest descriptor, so that one more is it.
    auto next = ::dup(0);
    while (next >= 0 && next <= highest())
      filled_.push_back(std::exchange(next, ::dup(0)));
    ::close(next);
    auto now = before_;
    now.rlim_cur = rlim_t(next);
    ::setrlimit(RLIMIT_NOFILE, &now);
  }

  ~scarcity() {
    ::setrlimit(RLIMIT_NOFILE, &before_);
    for (auto fd : filled_)
      ::close(fd);
  }

private:
  static int highest() {
    auto result = 0;
    auto* folder = ::opendir("/proc/self/fd");
    auto own = ::dirfd(folder);
    while (auto* entry = ::readdir(folder))
      if (auto fd = std::atoi(entry->d_name); fd != own)
        result = std::max(result, fd);
    ::closedir(folder);
    return result - 1;
  }

  rlimit before_{};
  std::vector<int> filled_;
};

/// What one listener needs.
struct lone {
  boost::asio::io_context loop{1};
  transport::poller ready{loop};
  transport::read_queue strangers{loop};
  transport::listener x{
    loop, ready, strangers,
    [](transport::descriptor, const transport::tcp::endpoint&) {}};
};

} // namespace

TEST_CASE("accepting pauses while there are no descriptors", "[listener]") {
  server host;
  // Its descriptor is made before, its connection when none are left.
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(host.port());
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto failed = [&](unsigned times) {
    return [&host, times] { return host.sockets().accept_failures() >= times; };
  };
  // UBSan needs descriptors where a type is met first, so does Catch's output.
  host.wait_until(failed(0));
  auto connected = 0;
  auto begun = std::chrono::steady_clock::now();
  {
    scarcity none;
    connected = ::connect(fd, reinterpret_cast<sockaddr*>(&where),
                          sizeof where);
    host.wait_until(failed(5));
  }
  CHECK(connected == 0);
  // 10, 20, 40 and 80 ms lie between five failures.
  CHECK(std::chrono::steady_clock::now() - begun >= 150ms);
  host.wait_until([&] { return host.sockets().accept_failures() == 0; });
  ::close(fd);
}

TEST_CASE("two listeners share a port", "[listener]") {
  boost::asio::io_context loop{1};
  transport::poller ready{loop};
  transport::read_queue strangers{loop};
  auto ignore = [](transport::descriptor, const transport::tcp::endpoint&) {};
  transport::listener first{loop, ready, strangers, ignore};
  transport::listener second{loop, ready, strangers, ignore};
  REQUIRE_FALSE(first.listen("localhost", 0));
  REQUIRE(first.port() != 0);
  REQUIRE_FALSE(second.listen("127.0.0.1", first.port()));
  CHECK(second.port() == first.port());
  first.stop();
  second.stop();
}

TEST_CASE("who stops listening lets nobody in any more", "[listener]") {
  server host;
  client before{host.port()};
  host.open(before);
  host.on_thread([&] { host.sockets().stop_listening(); });
  CHECK_THROWS_AS(client{host.port()}, disappointment);
  CHECK(host.sockets().accept_failures() == 0);
}

TEST_CASE_METHOD(lone, "a listener that is stopped stays so", "[listener]") {
  REQUIRE_FALSE(x.listen("localhost", 0));
  auto port = x.port();
  x.stop();
  CHECK_FALSE(transport::listener::claim("localhost", port));
  // What it was to read before that comes behind it.
  static_cast<transport::poll_target&>(x).on_ready({});
  CHECK(x.failures() == 0);
}

TEST_CASE("a port for administrators has its own pages alone", "[listener]") {
  server host;
  auto port = host.on_thread([&] {
    auto& sockets = host.sockets();
    CHECK(sockets.port(transport::audience::administrators) == 0);
    CHECK_FALSE(
      sockets.listen("127.0.0.1", 0, transport::audience::administrators));
    return sockets.port(transport::audience::administrators);
  });
  auto status = [](uint16_t at, std::string_view path) {
    client one{at};
    one.send("GET " + std::string{path}
             + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return one.read_head().substr(9, 3);
  };
  REQUIRE(port != host.port());
  CHECK(status(port, "/admin/") == "200");
  CHECK(status(port, "/") == "404");
  CHECK(status(host.port(), "/") == "200");
  // It stays where others are sent home.
  host.on_thread([&] { host.sockets().stop_listening(); });
  CHECK(status(port, "/admin/") == "200");
}

TEST_CASE_METHOD(lone, "an address that cannot be bound is an error",
                 "[listener]") {
  CHECK(x.listen("nonsense", 0));
  CHECK(x.listen("192.0.2.1", 0));
  CHECK(x.port() == 0);
  CHECK_FALSE(x.listen("::1", 0));
  x.stop();
}
