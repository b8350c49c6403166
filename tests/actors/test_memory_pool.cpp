// SPDX-License-Identifier: MIT
#include "actors/memory_pool.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;

TEST_CASE("a pool knows what its holders have, in whole steps") {
  auto pool = std::make_shared<memory_pool>();
  {
    memory_share one{pool};
    memory_share other{pool};
    one.grow(1);
    CHECK(pool->used() == memory_share::step);
    one.grow(memory_share::step - 1);
    CHECK(pool->used() == memory_share::step);
    other.grow(2 * memory_share::step + 1);
    CHECK(pool->used() == 4 * memory_share::step);
    CHECK(other.bytes() == 2 * memory_share::step + 1);
    CHECK(other.charged() == 3 * memory_share::step);
    CHECK(one.over(4 * memory_share::step - 1));
    CHECK_FALSE(one.over(4 * memory_share::step));
    other.shrink(2);
    CHECK(pool->used() == 3 * memory_share::step);
    other.shrink(memory_share::step - 1);
    CHECK(pool->used() == 2 * memory_share::step);
    one.shrink(memory_share::step);
    CHECK(pool->used() == memory_share::step);
  }
  CHECK(pool->used() == 0);
}
