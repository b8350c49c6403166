// SPDX-License-Identifier: MIT
#include "transport/connection_table.hpp"

#include "tests/support/catch.hpp"

#include <memory>
#include <set>
#include <vector>

using namespace parlor;
using namespace parlor::transport;

namespace {

using table = connection_table<std::shared_ptr<int>>;

} // namespace

TEST_CASE("a value is found by its id until it is taken out",
          "[connection_table]") {
  table x{3};
  auto id = x.insert(std::make_shared<int>(7));
  CHECK(id);
  CHECK(id.thread() == 3);
  CHECK(id.generation() == 1);
  REQUIRE(x.find(id));
  CHECK(**x.find(id) == 7);
  CHECK(x.size() == 1);
  CHECK(*x.extract(id) == 7);
  CHECK_FALSE(x.find(id));
  CHECK_FALSE(x.extract(id));
  CHECK(x.size() == 0);
}

TEST_CASE("a slot is used again, an id is not", "[connection_table]") {
  table x{0};
  std::set<connection_id> seen;
  for (int i = 0; i < 1000; ++i) {
    auto id = x.insert(std::make_shared<int>(i));
    CHECK(id.slot() == 0);
    CHECK(seen.insert(id).second);
    x.extract(id);
  }
  for (auto id : seen)
    CHECK_FALSE(x.find(id));
}

TEST_CASE("ids begin where they are told to", "[connection_table]") {
  table x{0, 77};
  auto first = x.insert(std::make_shared<int>(0));
  auto second = x.insert(std::make_shared<int>(1));
  CHECK(first.generation() == 77);
  CHECK(second.generation() == 77);
  x.extract(first);
  CHECK(x.insert(std::make_shared<int>(2)).generation() == 78);
}

TEST_CASE("an id of another thread, slot or generation is not found",
          "[connection_table]") {
  table x{1};
  auto id = x.insert(std::make_shared<int>(0));
  CHECK_FALSE(x.find(connection_id{}));
  CHECK_FALSE(x.find(connection_id{2, id.slot(), id.generation()}));
  CHECK_FALSE(x.find(connection_id{1, id.slot() + 1, id.generation()}));
  CHECK_FALSE(x.find(connection_id{1, id.slot(), id.generation() + 1}));
  CHECK_FALSE(x.find(connection_id{1, id.slot(), 0}));
}

TEST_CASE("an empty slot is not found under its next id",
          "[connection_table]") {
  table x{0};
  auto id = x.insert(std::make_shared<int>(0));
  x.extract(id);
  CHECK_FALSE(x.find(connection_id{0, id.slot(), id.generation() + 1}));
}

TEST_CASE("values may leave while all are looked at", "[connection_table]") {
  table x{0};
  std::vector<connection_id> ids;
  for (int i = 0; i < 10; ++i)
    ids.push_back(x.insert(std::make_shared<int>(i)));
  auto sum = 0;
  x.for_each([&](auto value) {
    sum += *value;
    x.extract(ids[static_cast<size_t>(*value)]);
  });
  CHECK(sum == 45);
  CHECK(x.size() == 0);
}
