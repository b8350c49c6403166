// SPDX-License-Identifier: MIT
#include "messages/user_notes.hpp"

#include "messages/envelopes.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace parlor;
using namespace parlor::registration;

namespace {

std::vector<note> notes() {
  connection_id who{7};
  event::timestamp at{std::chrono::milliseconds{1234}};
  message what{1, 2, 3, true, user_id{"ann"}, R"({"x":[1]})", at};
  return {knock{1, who},
          departed{1, who},
          what,
          kick{1, 2},
          table{1, true, false, {{user_id{"ann"}, who, 3}}},
          ask{1},
          grant{who, 2},
          refusal{who},
          eviction{who},
          handover{incarnation{4}, what},
          receipt{1, 2},
          declined{1},
          expulsion{},
          notice{"1", "bob", at},
          kick_one{1, who}};
}

} // namespace

TEST_CASE("notes about users come back from their envelopes") {
  user_id user{"ann"};
  auto all = notes();
  CHECK(all.size() == std::variant_size_v<note>);
  for (size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    REQUIRE(all[i].index() == i);
    auto sent = to_envelope(user, all[i]);
    auto line = read_address(*sent.body);
    REQUIRE(line);
    CHECK(line->to == addressee::user);
    CHECK(line->name == "ann");
    auto back = to_user_note(line->content);
    REQUIRE(back);
    CHECK(back->index() == i);
    CHECK(*to_envelope(user, *back).body == *sent.body);
  }
  auto sent = to_envelope(user, all[9]);
  auto back = to_user_note(read_address(*sent.body)->content);
  auto& x = std::get<handover>(*back);
  CHECK(x.origin == incarnation{4});
  CHECK(x.what.again);
  CHECK(x.what.open == 3);
  CHECK(x.what.sender.str() == "ann");
  CHECK(x.what.content == R"({"x":[1]})");
  CHECK(x.what.at == std::get<message>(all[2]).at);
}

TEST_CASE("what is cut off or goes on is no note about a user") {
  for (auto& x : notes()) {
    CAPTURE(x.index());
    auto sent = to_envelope(user_id{"ann"}, x);
    std::string whole{read_address(*sent.body)->content};
    for (size_t i = 0; i < whole.size(); ++i)
      CHECK_FALSE(to_user_note(whole.substr(0, i)));
    CHECK_FALSE(to_user_note(whole + "x"));
  }
  CHECK_FALSE(to_user_note("\x0f"));
  CHECK_FALSE(to_user_note("\xff"));
}

TEST_CASE("a note has a time that a clock can show, or is none") {
  auto last = std::chrono::floor<std::chrono::milliseconds>(
    event::timestamp::max());
  auto sent = to_envelope(user_id{"ann"}, notice{"1", "", last});
  std::string bytes{read_address(*sent.body)->content};
  auto back = to_user_note(bytes);
  REQUIRE(back);
  CHECK(std::get<notice>(*back).at == last);
  // A millisecond later; it is what comes last.
  ++bytes.back();
  CHECK_FALSE(to_user_note(bytes));
  bytes.replace(bytes.size() - 8, 8, 8, '\xff');
  CHECK_FALSE(to_user_note(bytes));
}

TEST_CASE("notes that were changed are read, or not, and do no harm") {
  std::mt19937 random{7};
  std::vector<std::string> all;
  for (auto& x : notes())
    all.push_back(*to_envelope(user_id{"ann"}, x).body);
  for (int i = 0; i < 20000; ++i) {
    auto bytes = all[random() % all.size()];
    for (auto many = random() % 4 + 1; many > 0; --many)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (auto line = read_address(bytes))
      to_user_note(line->content);
  }
}
