// SPDX-License-Identifier: MIT
#include "cluster/links/wire.hpp"

#include "tests/support/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <string>
#include <vector>

namespace {

using namespace parlor;
using namespace parlor::cluster;

struct config : caf::actor_system_config {
  config() { add_message_types<caf::id_block::parlor_wire>(); }
};

struct fixture {
  std::vector<char> written(caf::message x) {
    std::vector<char> result;
    caf::binary_serializer sink{system, result};
    REQUIRE_FALSE(sink(x));
    return result;
  }

  /// False where it cannot be read.
  bool read(const std::vector<char>& bytes, caf::message& into) {
    caf::binary_deserializer source{system, bytes};
    return !source(into);
  }

  /// What arrives at another node.
  template <class T>
  T sent(T x) {
    caf::message result;
    REQUIRE(read(written(caf::make_message(std::move(x))), result));
    REQUIRE(result.match_elements<T>());
    return result.get_as<T>(0);
  }

  config cfg;
  caf::actor_system system{cfg};
};

envelope of(std::string text) {
  return {7, std::make_shared<const std::string>(std::move(text))};
}

} // namespace

TEST_CASE_METHOD(fixture, "what opens a link survives the wire") {
  auto x = sent(link_open{1, UINT64_MAX, "a.b", 9, nullptr});
  CHECK(x.version == 1);
  CHECK(x.session == UINT64_MAX);
  CHECK(x.node == "a.b");
  CHECK(x.incarnation == 9);
  CHECK_FALSE(x.from);
  auto y = sent(link_opened{5, 2, 6, "c", 10});
  CHECK(y.session == 5);
  CHECK(y.version == 2);
  CHECK(y.answer_to == 6);
  CHECK(y.node == "c");
  CHECK(y.incarnation == 10);
}

TEST_CASE_METHOD(fixture, "a frame survives the wire byte by byte") {
  std::string bytes("\0\xFF{}\n", 5);
  auto x = sent(link_frame{4, 3, {of("one"), of(""), of(bytes)}});
  CHECK(x.session == 4);
  CHECK(x.number == 3);
  REQUIRE(x.content.size() == 3);
  CHECK(x.content[0].version == 7);
  CHECK(*x.content[0].body == "one");
  CHECK(x.content[1].body->empty());
  CHECK(*x.content[2].body == bytes);
  CHECK(sent(link_frame{4, 3, {}}).content.empty());
}

TEST_CASE_METHOD(fixture, "what acknowledges and what ends survive the wire") {
  auto x = sent(link_ack{4, 3});
  CHECK(x.session == 4);
  CHECK(x.number == 3);
  auto y = sent(link_bye{4, "why"});
  CHECK(y.session == 4);
  CHECK(y.why == "why");
}

TEST_CASE_METHOD(fixture, "a frame that is cut short is refused") {
  auto whole = written(caf::make_message(link_frame{4, 3, {of("one")}}));
  for (size_t size = 0; size < whole.size(); ++size) {
    std::vector<char> part(whole.begin(), whole.begin() + ptrdiff_t(size));
    caf::message result;
    CHECK_FALSE((read(part, result) && result.match_elements<link_frame>()));
  }
}

TEST_CASE_METHOD(fixture, "a piece survives the wire, as it always was") {
  auto x = sent(link_piece{4, 3, 7, "one", 9});
  CHECK(x.session == 4);
  CHECK(x.number == 3);
  CHECK(x.version == 7);
  CHECK(x.content == "one");
  CHECK(x.left == 9);
  // Version 2.
  auto bytes = written(caf::make_message(x));
  std::string text{bytes.begin(), bytes.end()};
  using namespace std::string_literals;
  CHECK(text
        == "\0\0\x1F@<>+parlor::cluster::link_piece"
           "\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x03"
           "\0\0\0\x07\x03one\0\0\0\0\0\0\0\x09"s);
}

TEST_CASE_METHOD(fixture, "the bytes of a frame are what they always were") {
  // Version 1: nodes of two releases talk to each other.
  auto bytes = written(caf::make_message(link_frame{4, 3, {of("one")}}));
  std::string text{bytes.begin(), bytes.end()};
  using namespace std::string_literals;
  CHECK(text
        == "\0\0\x1F@<>+parlor::cluster::link_frame"
           "\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x03"
           "\x01\0\0\0\x07\x03one"s);
}
