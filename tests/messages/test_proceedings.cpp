// SPDX-License-Identifier: MIT
#include "messages/proceedings.hpp"

#include "messages/envelopes.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace parlor;
using namespace parlor::proceedings;

namespace {

std::vector<command> commands() {
  return {
    attendance{
      {{connection_id{7}, user_id{"ann"}, true, {}, true},
       {connection_id{8}, user_id{"bob"}, false, departure::timeout, false}}},
    loss{incarnation{9}},
    chat{user_id{"ann"}, R"({"x":[1]})", "key", "bob", connection_id{7}, true},
    presence{connection_id{7}, user_id{"ann"}, "1"},
  };
}

entry entry_of(command what) {
  entry result{std::move(what), {}};
  result.decided.before = 41;
  result.decided.at = event::timestamp{std::chrono::milliseconds{1234}};
  result.decided.repeats = {{3, 4}, 5};
  result.decided.lost = {{incarnation{1}, connection_id{2}, user_id{"c"}, "p"}};
  result.decided.gone = {user_id{"c"}};
  if (auto* x = std::get_if<attendance>(&result.what))
    result.decided.outcomes.assign(x->changes.size(), outcome::told);
  return result;
}

std::vector<replication::letter> letters() {
  using namespace replication;
  digest holds{{{{1, 2}, 3}}, {{1, 1}, 2}};
  replication::command what{{incarnation{5}, 6}, 7, "body"};
  replication::entry at{{{1, 2}, 3}, what};
  return {ask{1},
          promise{1, 2, 3, false, holds},
          fetch{1, {{1, 2}, 3}},
          part{1, {{1, 2}, 3}, {{{incarnation{5}, 6}, 7}}, {at, at}, "state"},
          resume{1, {2, 3}, {{1, 2}, 3}, {{{incarnation{5}, 6}, 7}}, "s", 9},
          proposal{{1, 2}, 3, what},
          stale{{1, 2}},
          decision{{1, 2}, at},
          ack{{1, 2}, 3},
          mark{{1, 2}, 3, 4, 5}};
}

} // namespace

TEST_CASE("commands, entries and states come back from their bytes") {
  for (auto& x : commands()) {
    auto bytes = to_bytes(x);
    auto back = to_command(bytes);
    REQUIRE(back);
    CHECK(to_bytes(*back) == bytes);
    auto whole = to_bytes(entry_of(x));
    auto read = to_entry(whole);
    REQUIRE(read);
    CHECK(to_bytes(*read) == whole);
    CHECK(read->decided.before == 41);
  }
  state now{9,
            {{incarnation{1}, connection_id{2}, user_id{"c"}, "p"}},
            {{user_id{"d"}, "k", {{1, 2}, 3}, 4}}};
  auto read = to_state(to_bytes(now));
  REQUIRE(read);
  CHECK(read->seats.at(0).presence == "p");
  REQUIRE(read->keys.size() == 1);
  CHECK(read->keys[0].sender == user_id{"d"});
  CHECK(read->keys[0].key == "k");
  CHECK(read->keys[0].at == place{{1, 2}, 3});
  CHECK(read->keys[0].age == 4);
}

TEST_CASE("what is cut off or goes on is no entry") {
  for (auto& x : commands()) {
    auto whole = to_bytes(entry_of(x));
    for (size_t i = 0; i < whole.size(); ++i)
      CHECK_FALSE(to_entry(whole.substr(0, i)));
    CHECK_FALSE(to_entry(whole + "x"));
    CHECK_FALSE(to_command(whole));
  }
}

TEST_CASE("an entry has an outcome for each change") {
  auto x = entry_of(commands()[0]);
  x.decided.outcomes.pop_back();
  CHECK_FALSE(to_entry(to_bytes(x)));
  auto y = entry_of(commands()[1]);
  y.decided.outcomes.push_back(outcome::quiet);
  CHECK_FALSE(to_entry(to_bytes(y)));
}

TEST_CASE("letters between rooms come back from their envelopes") {
  room_name room{"r"};
  for (auto& x : letters()) {
    auto sent = to_envelope(room, x);
    auto line = read_address(*sent.body);
    REQUIRE(line);
    CHECK(line->to == addressee::room);
    CHECK(line->name == "r");
    auto note = to_room_note(room, line->content);
    REQUIRE(note);
    auto* letter = std::get_if<replication::letter>(&*note);
    REQUIRE(letter != nullptr);
    CHECK(letter->index() == x.index());
    CHECK(*to_envelope(room, *note).body == *sent.body);
    for (size_t i = 0; i < line->content.size(); ++i)
      CHECK_FALSE(to_room_note(room, line->content.substr(0, i)));
  }
  auto signal = to_envelope(room,
                            event::signal{room, user_id{"ann"}, "typing", "1"});
  auto note = to_room_note(room, read_address(*signal.body)->content);
  REQUIRE(note);
  CHECK(std::get<event::signal>(*note).room == room);
  CHECK(std::get<event::signal>(*note).data == "1");
  auto closed = to_envelope(room, room_closed{});
  CHECK(to_room_note(room, read_address(*closed.body)->content)->index() == 2);
}

TEST_CASE("an envelope says for whom it is, or nothing") {
  using namespace std::string_view_literals;
  for (auto bytes :
       {""sv, "\1"sv, "\1\0"sv, "\1\2r"sv, "\0\1r"sv, "\4\1r"sv, "\xff\1r"sv})
    CHECK_FALSE(read_address(bytes));
  CHECK(read_address("\1\1r"sv)->content.empty());
}

TEST_CASE("bytes that were changed are read, or not, and do no harm") {
  std::mt19937 random{7};
  std::vector<std::string> all;
  for (auto& x : letters())
    all.push_back(*to_envelope(room_name{"r"}, x).body);
  for (auto& x : commands())
    all.push_back(to_bytes(entry_of(x)));
  for (int i = 0; i < 20000; ++i) {
    auto bytes = all[random() % all.size()];
    for (auto many = random() % 4 + 1; many > 0; --many)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (auto line = read_address(bytes))
      to_room_note(room_name{std::string{line->name}}, line->content);
    to_entry(bytes);
    to_state(bytes);
  }
}
