// SPDX-License-Identifier: MIT
#include "actors/vacancies.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

namespace {

const room_name tea{"tea"};
const room_name milk{"milk"};
const vacancies::clock::time_point now{1h};

} // namespace

TEST_CASE("the empty room that would end first is the oldest") {
  vacancies x;
  CHECK(x.oldest() == nullptr);
  x.set(tea, {now + 2s, 10});
  x.set(milk, {now + 1s, 20});
  REQUIRE(x.oldest());
  CHECK(*x.oldest() == milk);
  CHECK(x.at(milk).bytes == 20);
  x.erase(milk);
  x.erase(milk);
  CHECK(*x.oldest() == tea);
  x.erase(tea);
  CHECK(x.empty());
}

TEST_CASE("an empty room is in once, as it was known last") {
  vacancies x;
  x.set(tea, {now + 1s, 10});
  x.set(milk, {now + 2s, 20});
  x.set(tea, {now + 3s, 30});
  CHECK(x.size() == 2);
  CHECK(*x.oldest() == milk);
  CHECK(x.at(tea).bytes == 30);
}
