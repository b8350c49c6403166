// SPDX-License-Identifier: MIT
#include "app/link_table.hpp"

#include "tests/support/catch.hpp"

#include <memory>

using namespace parlor;

namespace {

/// A link that was never anywhere.
class still_link final : public link {
public:
  explicit still_link(incarnation stay) : stay_{stay} {}

  const node_id& peer() const noexcept override { return peer_; }

  incarnation stay() const noexcept override { return stay_; }

  uint32_t version() const noexcept override { return 1; }

  bool send(envelope) override { return true; }

  void taken(uint64_t) override {}

private:
  node_id peer_;
  incarnation stay_;
};

link_ptr link_to(incarnation stay) {
  return std::make_shared<still_link>(stay);
}

const incarnation here{1};
const incarnation there{2};
const incarnation elsewhere{3};

} // namespace

TEST_CASE("a link is found by whom it is to") {
  link_table table;
  table.sit(here);
  auto one = link_to(there);
  CHECK(table.find(here, there) == nullptr);
  table.add(one);
  CHECK(table.find(here, there) == one);
  CHECK(table.find_in_order(here, there) == one);
  CHECK(table.find(here, elsewhere) == nullptr);
  table.lose(one);
  CHECK(table.find(here, there) == nullptr);
}

TEST_CASE("only the stay of now may speak") {
  link_table table;
  auto one = link_to(there);
  table.add(one);
  CHECK(table.find(here, there) == nullptr);
  CHECK_FALSE(table.is_in_as(here));
  table.sit(here);
  CHECK(table.find(here, there) == one);
  CHECK(table.is_in_as(here));
  SECTION("as another one it is somebody else") {
    table.sit(elsewhere);
    CHECK_FALSE(table.is_in_as(here));
    CHECK(table.is_in_as(elsewhere));
    CHECK(table.find(here, there) == nullptr);
    CHECK(table.find_in_order(here, there) == nullptr);
    CHECK(table.find(elsewhere, there) == one);
  }
  SECTION("out, it is nobody") {
    table.sit({});
    CHECK_FALSE(table.is_in_as(here));
    CHECK_FALSE(table.is_in_as({}));
    CHECK(table.find(here, there) == nullptr);
    CHECK(table.find_in_order(here, there) == nullptr);
  }
}

TEST_CASE("a new link outlives the end of the one before it") {
  link_table table;
  table.sit(here);
  auto before = link_to(there);
  auto now = link_to(there);
  table.add(before);
  table.add(now);
  table.lose(before);
  CHECK(table.find(here, there) == now);
}

TEST_CASE("who relies on the order waits until it knows of every loss") {
  link_table table;
  table.sit(here);
  for (auto i = 0; i < 2; ++i) {
    auto lost = link_to(there);
    table.add(lost);
    table.lose(lost);
  }
  auto now = link_to(there);
  table.add(now);
  auto other = link_to(elsewhere);
  table.add(other);
  CHECK(table.find_in_order(here, there) == nullptr);
  // Others do not wait, and neither does who speaks to another node.
  CHECK(table.find(here, there) == now);
  CHECK(table.find_in_order(here, elsewhere) == other);
  table.know_lost(there);
  CHECK(table.find_in_order(here, there) == nullptr);
  table.know_lost(there);
  CHECK(table.find_in_order(here, there) == now);
}

TEST_CASE("what was not lost is not known before it is") {
  link_table table;
  table.sit(here);
  table.know_lost(there);
  auto lost = link_to(there);
  table.add(lost);
  table.lose(lost);
  auto now = link_to(there);
  table.add(now);
  CHECK(table.find_in_order(here, there) == nullptr);
}
