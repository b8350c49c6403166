// SPDX-License-Identifier: MIT
#include "actors/heard_letters.hpp"
#include "messages/limits.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;

namespace {

constexpr uint64_t origin = 7;

bool note(heard_letters& known, uint64_t number, uint64_t open,
          bool again = false, uint64_t from = origin) {
  registration::message x;
  x.number = number;
  x.open = open;
  x.again = again;
  return known.note(incarnation{from}, x);
}

seating seats_of(std::vector<uint64_t> stays) {
  seating result;
  for (auto one : stays)
    result.now.members.push_back({{}, incarnation{one}, "", 1, {}});
  return result;
}

} // namespace

TEST_CASE("a message that comes again is heard once, whichever comes first") {
  heard_letters known;
  CHECK(note(known, 1, 1));
  CHECK_FALSE(note(known, 1, 1, true));
  CHECK(note(known, 2, 1, true));
  CHECK_FALSE(note(known, 2, 1));
  CHECK(note(known, 2, 1, false, origin + 1));
}

TEST_CASE("a repeated message is known when the first one comes late") {
  heard_letters known;
  CHECK(note(known, 1, 1, true));
  CHECK(note(known, 5, 5));
  CHECK_FALSE(note(known, 1, 1));
}

TEST_CASE("a message that is late and was not repeated is heard") {
  heard_letters known;
  CHECK(note(known, 5, 5));
  CHECK(note(known, 4, 3));
}

TEST_CASE("what cannot come again is forgotten") {
  heard_letters known;
  for (uint64_t i = 1; i <= 100; ++i)
    note(known, i, i);
  CHECK(known.size() == 1);
  for (uint64_t i = 1; i <= 3 * max_repeats; ++i)
    note(known, 100 + i, 100 + i, true);
  CHECK(known.size() <= max_repeats + 1);
}

TEST_CASE("a node that is gone is forgotten, one that comes is not") {
  heard_letters known;
  note(known, 1, 1);
  note(known, 1, 1, false, 9);
  known.sit(seats_of({3, 8}));
  CHECK_FALSE(note(known, 1, 1, true));
  known.sit(seats_of({3, 8}));
  CHECK(known.size() == 1);
  CHECK_FALSE(note(known, 1, 1, true, 9));
}
