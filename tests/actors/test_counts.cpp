// SPDX-License-Identifier: MIT
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace parlor;
using namespace parlor::test;

/// What a publish costs, in numbers that do not vary. How often send() is called
/// for it is in tests/transport/test_ws_frames.cpp.
namespace {

struct counts_fixture : room_fixture {
  /// Messages that are handled for one publish, the publish included.
  size_t messages_for_publish(const client& from) {
    caf::anon_send(room, publish{{}, from.id, "1", false});
    return scheduler().run();
  }

  /// Different blocks of bytes that sockets were given since the last call.
  size_t encodings() {
    std::set<const char*> blocks;
    for (auto& one : sockets) {
      for (auto& what : one.encoded)
        blocks.insert(what.bytes().data());
      one.encoded.clear();
    }
    return blocks.size();
  }
};

} // namespace

TEST_CASE_METHOD(counts_fixture, "a publish is one message to each lane") {
  auto ann = make(0, "ann");
  enter(ann);
  CHECK(messages_for_publish(ann) == 1 + 1);
  for (auto i = 0; i < 50; ++i)
    enter(make(0, ("near" + std::to_string(i)).c_str()));
  CHECK(messages_for_publish(ann) == 1 + 1);
  for (auto i = 0; i < 50; ++i)
    enter(make(1, ("far" + std::to_string(i)).c_str()));
  CHECK(messages_for_publish(ann) == 1 + 2);
}

TEST_CASE_METHOD(counts_fixture, "a publish is encoded once for each dialect") {
  auto ann = make(0, "ann");
  enter(ann);
  for (auto thread : {uint8_t{0}, uint8_t{1}})
    for (auto i = 0; i < 5; ++i)
      enter(make(thread, "typed"));
  encodings();
  messages_for_publish(ann);
  CHECK(encodings() == 1);
  for (auto thread : {uint8_t{0}, uint8_t{1}})
    enter(make(thread, "action", dialect::action));
  encodings();
  messages_for_publish(ann);
  CHECK(encodings() == 2);
  enter(make(1, "text", dialect::text));
  encodings();
  messages_for_publish(ann);
  CHECK(encodings() == 3);
}
