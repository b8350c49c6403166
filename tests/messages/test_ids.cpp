// SPDX-License-Identifier: MIT
#include "messages/ids.hpp"

#include "tests/support/catch.hpp"

using parlor::connection_id;
using parlor::epoch;
using parlor::to_connection_id;
using parlor::to_epoch;
using parlor::to_string;

TEST_CASE("a connection id keeps its thread, slot and generation") {
  connection_id id{255, 0xFFFFFF, 0xFFFFFFFF};
  CHECK(id.thread() == 255);
  CHECK(id.slot() == 0xFFFFFF);
  CHECK(id.generation() == 0xFFFFFFFF);
  CHECK(id.value() == UINT64_MAX);
}

TEST_CASE("a connection id and its text name each other") {
  for (auto id : {connection_id{0, 0, 1}, connection_id{3, 77, 12},
                  connection_id{255, 0xFFFFFF, 0xFFFFFFFF}}) {
    CHECK(to_string(id).size() == 16);
    CHECK(to_connection_id(to_string(id)) == id);
  }
}

TEST_CASE("the order of connection ids is that of their texts") {
  connection_id low{0, 9, 200};
  connection_id high{1, 0, 1};
  CHECK(low < high);
  CHECK(to_string(low) < to_string(high));
}

TEST_CASE("a text that is no connection id names none") {
  for (auto text : {"", "1", "000000000000000g", "-000000000000001",
                    "0x00000000000001", "00000000000000001", "ann"})
    CHECK(!to_connection_id(text));
}

TEST_CASE("an epoch and its text name each other") {
  for (auto x : {epoch{0x19A5C3F2E01, 7}, epoch{UINT64_MAX, UINT64_MAX}})
    CHECK(to_epoch(to_string(x)) == x);
}

TEST_CASE("a text that is no epoch names the one that never is") {
  for (auto text : {"", "-", "1", "1-", "1.2", "-1", "1-2-3", "x-1", "1-x",
                    "1- 2", "11112222333344445-1", "never was"})
    CHECK(to_epoch(text) == epoch{});
}

TEST_CASE("an epoch is written in hexadecimal") {
  CHECK(to_string(epoch{0x19A5C3F2E01, 7}) == "19a5c3f2e01-7");
  CHECK(to_string(epoch{}) == "0-0");
}
