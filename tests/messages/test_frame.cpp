// SPDX-License-Identifier: MIT
#include "messages/frame.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <string>
#include <thread>
#include <vector>

using parlor::dialect;
using parlor::frame;
using parlor::frames;

namespace {

std::string payload_of(size_t size) {
  return std::string(size, 'x');
}

std::string header_of(size_t size) {
  frame x{payload_of(size)};
  return std::string{x.bytes().substr(0, x.bytes().size() - size)};
}

} // namespace

TEST_CASE("a frame's header is as short as its payload allows") {
  using namespace std::string_literals;
  CHECK(header_of(0) == "\x81\x00"s);
  CHECK(header_of(125) == "\x81\x7D"s);
  CHECK(header_of(126) == "\x81\x7E\x00\x7E"s);
  CHECK(header_of(65535) == "\x81\x7E\xFF\xFF"s);
  CHECK(header_of(65536) == "\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST_CASE("a frame's text is its payload") {
  for (size_t size : {0, 1, 125, 126, 65535, 65536, 1000000}) {
    frame x{payload_of(size)};
    CHECK(!x.empty());
    CHECK(x.text() == payload_of(size));
  }
}

TEST_CASE("a default-made frame is empty and has no bytes") {
  frame x;
  CHECK(x.empty());
  CHECK(x.bytes().empty());
  CHECK(x.text().empty());
  CHECK(x == frame{});
  CHECK(!(x == frame{""}));
}

TEST_CASE("copies of a frame share its bytes") {
  frame x{"hello"};
  auto y = x;
  CHECK(x.bytes().data() == y.bytes().data());
}

TEST_CASE("a compressed frame says so in its first byte") {
  auto x = frame::compressed("packed");
  CHECK(x.bytes() == "\xC1\x06packed");
  CHECK(x.text() == "packed");
}

TEST_CASE("all copies of a frame share its first compressed form") {
  frame x{"hello"};
  auto y = x;
  CHECK(x.packed().empty());
  CHECK(y.keep_packed(frame::compressed("h")).text() == "h");
  CHECK(x.packed().text() == "h");
  CHECK(x.keep_packed(frame::compressed("later")).text() == "h");
  CHECK(x.bytes() == frame{"hello"}.bytes());
  auto packed = x.packed();
  x = {};
  y = {};
  CHECK(packed.text() == "h");
}

TEST_CASE("a frame may be its own compressed form") {
  frame x{"hello"};
  CHECK(x.keep_packed(x).bytes().data() == x.bytes().data());
  CHECK(x.packed().bytes().data() == x.bytes().data());
}

TEST_CASE("threads that compress at once agree on one form") {
  for (int round = 0; round < 200; ++round) {
    frame x{"hello"};
    std::array<frame, 4> made;
    std::vector<std::thread> all;
    for (size_t i = 0; i < made.size(); ++i)
      all.emplace_back([&, i] {
        made[i] = x.keep_packed(frame::compressed(std::to_string(i)));
      });
    for (auto& one : all)
      one.join();
    for (auto& one : made)
      REQUIRE(one.bytes().data() == x.packed().bytes().data());
  }
}

TEST_CASE("frames are found by dialect") {
  frames x;
  x[dialect::action] = frame{"a"};
  CHECK(x[dialect::typed].empty());
  CHECK(x[dialect::action].text() == "a");
}
