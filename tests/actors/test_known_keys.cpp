// SPDX-License-Identifier: MIT
#include "actors/known_keys.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using namespace std::chrono_literals;

namespace {

const user_id ann{"ann"};
const user_id bob{"bob"};

struct keys_fixture {
  limits bounds;
  std::shared_ptr<memory_pool> pool = std::make_shared<memory_pool>();
  known_keys keys{bounds, pool};
  known_keys::clock::time_point now{1h};
};

} // namespace

TEST_CASE_METHOD(keys_fixture, "a key is known by its user alone") {
  CHECK_FALSE(keys.find(ann, "k", now));
  keys.add(ann, "k", {{1, 2}, 3}, now);
  CHECK(keys.find(ann, "k", now) == place{{1, 2}, 3});
  CHECK_FALSE(keys.find(bob, "k", now));
  CHECK_FALSE(keys.find(ann, "K", now));
  CHECK_FALSE(keys.find(user_id{"an"}, "nk", now));
}

TEST_CASE_METHOD(keys_fixture, "the first message of a key counts") {
  keys.add(ann, "k", {{1, 2}, 3}, now);
  keys.add(ann, "k", {{1, 2}, 4}, now);
  CHECK(keys.find(ann, "k", now)->seq == 3);
  CHECK(keys.size() == 1);
}

TEST_CASE_METHOD(keys_fixture, "a key is forgotten after 5 minutes") {
  keys.add(ann, "k", {{1, 2}, 3}, now);
  now += 1min;
  keys.add(bob, "k", {{1, 2}, 4}, now);
  CHECK(keys.end() == now + 5min);
  now += 4min - 1ns;
  CHECK(keys.find(ann, "k", now));
  now += 1ns;
  CHECK_FALSE(keys.find(ann, "k", now));
  CHECK(keys.find(bob, "k", now));
  keys.expire(now + 1min);
  CHECK(keys.empty());
  CHECK_FALSE(keys.end());
  CHECK(keys.bytes() == 0);
}

TEST_CASE_METHOD(keys_fixture, "a room remembers its last 10,000 keys") {
  for (uint64_t i = 0; i < 10001; ++i)
    keys.add(ann, std::to_string(i), {{1, 2}, i}, now);
  CHECK(keys.size() == 10000);
  CHECK_FALSE(keys.find(ann, "0", now));
  CHECK(keys.find(ann, "1", now)->seq == 1);
  CHECK(keys.find(ann, "10000", now));
}

TEST_CASE_METHOD(keys_fixture, "keys are within the memory of all rooms") {
  bounds.history_total_bytes = 100000;
  for (uint64_t i = 0; i < 5000; ++i)
    keys.add(ann, std::to_string(i) + std::string(200, 'k'), {{1, 2}, i}, now);
  CHECK(pool->used() <= 100000);
  CHECK(keys.size() > 100);
  CHECK(keys.find(ann, "4999" + std::string(200, 'k'), now));
}

TEST_CASE_METHOD(keys_fixture, "what another room knew is known as long") {
  keys.add(ann, "k", {{1, 2}, 3}, now);
  keys.add(bob, "a\nb", {{1, 2}, 4}, now + 1min);
  known_keys other{bounds, pool};
  other.add(ann, "void", {{1, 2}, 9}, now);
  // Each has a clock of its own.
  auto then = now + 5h;
  other.restore(keys.all(now + 2min), then);
  CHECK(other.size() == 2);
  CHECK_FALSE(other.find(ann, "void", then));
  CHECK(other.find(ann, "k", then) == place{{1, 2}, 3});
  CHECK(other.find(bob, "a\nb", then) == place{{1, 2}, 4});
  CHECK_FALSE(other.find(ann, "k", then + key_ttl - 2min));
  CHECK(other.find(bob, "a\nb", then + key_ttl - 2min));
  CHECK_FALSE(other.find(bob, "a\nb", then + key_ttl - 1min));
  other.truncate(0);
  CHECK(other.empty());
  CHECK(other.bytes() == known_keys{bounds, pool}.bytes());
}
