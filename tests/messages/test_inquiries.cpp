// SPDX-License-Identifier: MIT
#include "messages/inquiries.hpp"

#include "messages/envelopes.hpp"
#include "messages/limits.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace parlor;
using namespace parlor::inquiries;

namespace {

share some() {
  share result;
  result.number = 1;
  result.complete = true;
  result.totals = {1, 2, 3, 4};
  result.rooms = {{room_name{"r"}, {user_id{"ann"}}, 5, 6, {7, 8}}};
  result.users = {{user_id{"ann"}, 9}};
  result.connections = {{connection_id{1},
                         user_id{"ann"},
                         {room_name{"r"}},
                         1.5,
                         "::1",
                         "curl",
                         -1,
                         10}};
  return result;
}

std::vector<note> notes() {
  return {question{1, about::user, "ann", "x", 2}, some()};
}

std::string bytes_of(const note& x) {
  auto sent = to_envelope("a", x);
  return std::string{read_address(*sent.body)->content};
}

} // namespace

TEST_CASE("inquiries come back from their envelopes") {
  for (auto& x : notes()) {
    auto sent = to_envelope("node-1", x);
    auto line = read_address(*sent.body);
    REQUIRE(line);
    CHECK(line->to == addressee::admin);
    CHECK(line->name == "node-1");
    auto back = to_inquiry(line->content);
    REQUIRE(back);
    CHECK(back->index() == x.index());
    CHECK(*to_envelope("node-1", *back).body == *sent.body);
  }
  auto back = to_inquiry(bytes_of(some()));
  auto& x = std::get<share>(*back);
  CHECK(x.totals.homed == 4);
  CHECK(x.rooms.at(0).users.at(0).str() == "ann");
  CHECK(x.connections.at(0).connected_at == 1.5);
}

TEST_CASE("what is cut off, goes on or is unknown is no inquiry") {
  for (auto& x : notes()) {
    auto whole = bytes_of(x);
    for (size_t i = 0; i < whole.size(); ++i)
      CHECK_FALSE(to_inquiry(whole.substr(0, i)));
    CHECK_FALSE(to_inquiry(whole + "x"));
  }
  auto unknown = bytes_of(notes()[0]);
  unknown.back() = 7;
  CHECK_FALSE(to_inquiry(unknown));
}

TEST_CASE("inquiries that were changed are read, or not, and do no harm") {
  std::mt19937 random{7};
  for (int i = 0; i < 20000; ++i) {
    auto bytes = bytes_of(notes()[random() % 2]);
    for (auto many = random() % 4 + 1; many > 0; --many)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    to_inquiry(bytes);
  }
}

TEST_CASE("a large share goes in parts of bounded size") {
  share whole;
  whole.number = 3;
  whole.totals.connections = 7;
  room_report large{room_name{"large"}, {}, 2000, 1, {1, 1}};
  for (int i = 0; i < 1500; ++i)
    large.users.emplace_back(std::to_string(i));
  whole.rooms.push_back(large);
  for (int i = 0; i < 1200; ++i) {
    whole.rooms.push_back({room_name{"r" + std::to_string(i)}, {}, 1, 1, {}});
    whole.users.push_back({user_id{std::to_string(i)}, 1});
  }
  auto parts = parts_of(share{whole});
  CHECK(parts.size() > 6);
  share again;
  for (size_t i = 0; i < parts.size(); ++i) {
    auto& x = parts[i];
    CHECK(x.number == 3);
    CHECK(x.last == (i + 1 == parts.size()));
    auto rows = x.rooms.size() + x.users.size();
    for (auto& room : x.rooms)
      rows += room.users.size();
    CHECK(rows <= rows_per_page);
    add(again, std::move(x));
  }
  CHECK(again.totals.connections == 7);
  CHECK(again.users.size() == 1200);
  size_t users = 0;
  uint64_t connections = 0;
  for (auto& room : again.rooms) {
    users += room.users.size();
    connections += room.connections;
  }
  CHECK(users == 1500);
  CHECK(connections == 2000 + 1200);
  CHECK(parts_of({}).size() == 1);
}
