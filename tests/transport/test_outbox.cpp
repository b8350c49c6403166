// SPDX-License-Identifier: MIT
#include "transport/outbox.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

using namespace parlor::transport;

namespace {

struct owner_stub final : outbox_owner {
  void on_blocked() override {}
  void on_trouble(trouble) noexcept override {}
  void on_shut() noexcept override {}
};

/// An outbox whose peer reads when it is told to.
struct outbox_fixture {
  outbox_fixture() : box{make_stream(), now, 100'000'000, 0, owner} {}

  ~outbox_fixture() { ::close(peer); }

  stream make_stream() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    peer = ends[1];
    return stream{descriptor{ends[0]}};
  }

  /// All that comes.
  std::string read_all() {
    std::string result;
    std::array<char, 65536> piece;
    for (;;) {
      box.writable();
      now.flush();
      auto got = ::recv(peer, piece.data(), piece.size(), MSG_DONTWAIT);
      if (got <= 0)
        return result;
      result.append(piece.data(), size_t(got));
    }
  }

  turn now;
  owner_stub owner;
  int peer = -1;
  outbox box;
};

const std::string frame = "\x81\x02hi";
const std::string last = "\x88\x02\x03\xE8";

} // namespace

TEST_CASE_METHOD(outbox_fixture, "the handshake's answer is never cut") {
  // As long as that the kernel takes it not at all, in part, or whole.
  for (size_t size : {100, 10'000'000}) {
    std::string answer(size, 'A');
    SECTION("nothing of it was sent, " + std::to_string(size)) {
      box.begin(answer);
      box.append(frame);
      box.cut();
      box.append_last(last);
      CHECK(read_all() == answer + last);
    }
    SECTION("it was sent as far as possible, " + std::to_string(size)) {
      box.begin(answer);
      now.flush();
      box.append(frame);
      box.cut();
      box.append_last(last);
      CHECK(read_all() == answer + last);
    }
  }
}
