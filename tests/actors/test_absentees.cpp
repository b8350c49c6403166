// SPDX-License-Identifier: MIT
#include "actors/absentees.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

namespace {

const user_id ann{"ann"};
const user_id bob{"bob"};
const connection_id one{0, 1, 1};
const connection_id two{0, 2, 1};
const connection_id three{0, 3, 1};

struct absent_fixture {
  std::shared_ptr<size_t> all = std::make_shared<size_t>(0);
  absentees absent{all};
  absentees::clock::time_point now{1h};
};

} // namespace

TEST_CASE_METHOD(absent_fixture, "who does not come back is gone in time") {
  CHECK_FALSE(absent.next());
  absent.add({ann, one, departure::timeout}, now + 1s);
  absent.add({bob, two, departure::closed}, now + 2s);
  CHECK(absent.next() == now + 1s);
  CHECK(absent.take_due(now + 999ms).empty());
  auto gone = absent.take_due(now + 1s);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].user == ann);
  CHECK(gone[0].connection == one);
  CHECK(gone[0].why == departure::timeout);
  CHECK(absent.next() == now + 2s);
  CHECK(absent.take_due(now + 5s).size() == 1);
  CHECK_FALSE(absent.next());
  CHECK(absent.size() == 0);
}

TEST_CASE_METHOD(absent_fixture, "the absent of several rooms are counted") {
  absent.add({ann, one, departure::closed}, now + 1s);
  absent.add({bob, two, departure::closed}, now + 1s);
  {
    absentees other{all};
    other.add({ann, three, departure::closed}, now + 1s);
    CHECK(other.has(ann));
    CHECK_FALSE(other.has(bob));
    CHECK(*all == 3);
  }
  CHECK(*all == 2);
  absent.welcome_back(ann);
  absent.welcome_back(ann);
  CHECK(*all == 1);
  absent.take_due(now + 1s);
  CHECK(*all == 0);
  absent.add({ann, one, departure::closed}, now + 1s);
  absent.clear();
  CHECK(*all == 0);
  CHECK_FALSE(absent.next());
}

TEST_CASE_METHOD(absent_fixture, "who comes back is not gone") {
  absent.add({ann, one, departure::closed}, now + 1s);
  absent.add({bob, two, departure::closed}, now + 2s);
  CHECK(absent.welcome_back(ann) == one);
  CHECK_FALSE(absent.welcome_back(ann));
  CHECK(absent.next() == now + 2s);
  auto gone = absent.take_due(now + 5s);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].user == bob);
}

TEST_CASE_METHOD(absent_fixture,
                 "who vanishes again has the whole time again") {
  absent.add({ann, one, departure::closed}, now + 1s);
  absent.add({bob, two, departure::closed}, now + 2s);
  absent.welcome_back(bob);
  absent.add({bob, three, departure::closed}, now + 9s);
  CHECK(absent.take_due(now + 1s).size() == 1);
  CHECK(absent.next() == now + 9s);
  CHECK(absent.take_due(now + 8s).empty());
  CHECK(absent.take_due(now + 9s).at(0).connection == three);
}

TEST_CASE_METHOD(absent_fixture, "nobody who came back is waited for") {
  absent.add({ann, one, departure::closed}, now + 1s);
  absent.welcome_back(ann);
  CHECK_FALSE(absent.next());
}
