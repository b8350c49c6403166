// SPDX-License-Identifier: MIT
#include "actors/replica_log.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using namespace parlor::replication;

namespace {

const producer ann{incarnation{1}, 1};
const producer bob{incarnation{2}, 1};
constexpr epoch first{10, 1};
constexpr epoch second{20, 1};

/// Adds the next command of a producer.
void add(replica_log& to, const epoch& in, const producer& from) {
  auto number = to.sequenced(from) + 1;
  to.append({{in, to.seq() + 1}, {from, number, std::to_string(number)}});
}

/// Ann, bob, ann in the first epoch.
replica_log three() {
  replica_log result;
  add(result, first, ann);
  add(result, first, bob);
  add(result, first, ann);
  return result;
}

} // namespace

TEST_CASE("a new log holds nothing", "[replica_log]") {
  replica_log log;
  CHECK(log.seq() == 0);
  CHECK(log.last() == place{});
  CHECK(log.sequenced(ann) == 0);
  CHECK(log.holds().runs.empty());
  CHECK(log.has(place{}));
  CHECK_FALSE(log.has(place{first, 1}));
}

TEST_CASE("a log has its places and no others", "[replica_log]") {
  auto log = three();
  CHECK(log.last() == place{first, 3});
  CHECK(log.has({first, 2}));
  CHECK_FALSE(log.has({second, 2}));
  CHECK_FALSE(log.has({first, 4}));
  CHECK(log.at(2).what.from == bob);
  CHECK(log.sequenced(ann) == 2);
}

TEST_CASE("what is truncated was never sequenced", "[replica_log]") {
  auto log = three();
  log.truncate(1);
  CHECK(log.last() == place{first, 1});
  CHECK(log.sequenced(ann) == 1);
  CHECK(log.sequenced(bob) == 0);
  log.truncate(1);
  CHECK(log.seq() == 1);
}

TEST_CASE("what is trimmed stays sequenced", "[replica_log]") {
  auto log = three();
  log.trim(1, 1000, 2);
  CHECK(log.before() == place{first, 2});
  CHECK(log.at(3).what.from == ann);
  CHECK(log.has({first, 2}));
  CHECK_FALSE(log.has({first, 1}));
  CHECK(log.sequenced(bob) == 1);

  SECTION("never above what may go") {
    log.trim(0, 1000, 2);
    CHECK(log.seq() == 3);
    CHECK(log.at(3).what.number == 2);
  }
}

TEST_CASE("it is known what was sequenced up to a number", "[replica_log]") {
  auto log = three();
  auto then = log.sequenced_at(1);
  replica_log other;
  other.restart({first, 1}, then);
  CHECK(other.last() == place{first, 1});
  CHECK(other.sequenced(ann) == 1);
  CHECK(other.sequenced(bob) == 0);
}

TEST_CASE("a log that begins anew knows of nothing before", "[replica_log]") {
  auto log = three();
  log.restart({second, 9}, {{bob, 4}});
  CHECK(log.seq() == 9);
  CHECK(log.last() == place{second, 9});
  CHECK_FALSE(log.has({first, 2}));
  CHECK(log.sequenced(ann) == 0);
  CHECK(log.sequenced(bob) == 4);
  // Its size counts from 0: two more are not too large.
  add(log, second, bob);
  log.trim(5, 1, 100);
  CHECK(log.before() == place{second, 9});
}

TEST_CASE("logs agree up to where they part", "[replica_log]") {
  auto one = three();
  auto other = three();
  CHECK(one.agreed(other.holds()) == place{first, 3});

  SECTION("one is longer") {
    add(other, second, bob);
    CHECK(one.agreed(other.holds()) == place{first, 3});
    CHECK(other.agreed(one.holds()) == place{first, 3});
  }
  SECTION("the same number in another epoch is something else") {
    add(one, first, bob);
    add(other, second, bob);
    CHECK(one.agreed(other.holds()) == place{first, 3});
  }
  SECTION("one was trimmed to nothing") {
    other.trim(0, 1000, 3);
    CHECK(one.agreed(other.holds()) == place{first, 3});
  }
  SECTION("one is empty") {
    CHECK(one.agreed(replica_log{}.holds()) == place{});
  }
}
