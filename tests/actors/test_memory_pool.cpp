// SPDX-License-Identifier: MIT
#include "actors/memory_pool.hpp"

#include "tests/support/catch.hpp"

#include <deque>

using namespace parlor;

namespace {

constexpr auto step = memory_share::step;

/// Keeps things of a size each.
struct holder final : memory_holder {
  explicit holder(std::shared_ptr<memory_pool> pool)
    : share{std::move(pool), *this} {}

  void keep(size_t bytes) {
    sizes.push_back(bytes);
    share.grow(bytes);
  }

  bool give_way() override {
    if (sizes.empty())
      return false;
    share.shrink(sizes.front());
    sizes.pop_front();
    return true;
  }

  std::deque<size_t> sizes;
  memory_share share;
};

} // namespace

TEST_CASE("a pool knows what its holders have, in whole steps") {
  auto pool = std::make_shared<memory_pool>();
  {
    holder one{pool};
    holder other{pool};
    one.share.grow(1);
    CHECK(pool->used() == step);
    one.share.grow(step - 1);
    CHECK(pool->used() == step);
    other.share.grow(2 * step + 1);
    CHECK(pool->used() == 4 * step);
    CHECK(other.share.bytes() == 2 * step + 1);
    CHECK(other.share.charged() == 3 * step);
    other.share.shrink(2);
    CHECK(pool->used() == 3 * step);
    other.share.shrink(step - 1);
    CHECK(pool->used() == 2 * step);
    one.share.shrink(step);
    CHECK(pool->used() == step);
  }
  CHECK(pool->used() == 0);
}

TEST_CASE("the holder of most gives way, whoever adds") {
  auto pool = std::make_shared<memory_pool>();
  holder large{pool};
  holder small{pool};
  holder late{pool};
  for (auto i = 0; i < 7; ++i)
    large.keep(step);
  for (auto i = 0; i < 2; ++i)
    small.keep(step);
  pool->settle(9 * step);
  CHECK(large.sizes.size() == 7);
  for (auto i = 0; i < 3; ++i) {
    late.keep(step);
    pool->settle(9 * step);
  }
  CHECK(large.sizes.size() == 4);
  CHECK(small.sizes.size() == 2);
  CHECK(late.sizes.size() == 3);
  SECTION("until all have the same") {
    for (auto i = 0; i < 20; ++i) {
      late.keep(step);
      pool->settle(6 * step);
    }
    CHECK(large.sizes.size() == 2);
    CHECK(small.sizes.size() == 2);
    CHECK(late.sizes.size() == 2);
  }
  SECTION("or nobody has anything") {
    pool->settle(0);
    CHECK(pool->used() == 0);
  }
}

TEST_CASE("of holders of the same the first gives way") {
  auto pool = std::make_shared<memory_pool>();
  holder one{pool};
  holder other{pool};
  other.keep(step);
  one.keep(step);
  pool->settle(step);
  CHECK(other.sizes.empty());
  CHECK(one.sizes.size() == 1);
}

TEST_CASE("a holder with nothing is asked once") {
  auto pool = std::make_shared<memory_pool>();
  holder wrong{pool};
  holder right{pool};
  wrong.share.grow(3 * step);
  right.keep(step);
  pool->settle(step);
  CHECK(wrong.share.charged() == 0);
  CHECK(right.sizes.size() == 1);
}

TEST_CASE("each of several pools has an equal part") {
  auto pool = std::make_shared<memory_pool>(4);
  holder one{pool};
  for (auto i = 0; i < 9; ++i)
    one.keep(step);
  pool->settle(32 * step);
  CHECK(one.sizes.size() == 8);
}
