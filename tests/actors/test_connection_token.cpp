// SPDX-License-Identifier: MIT
#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

#include <map>

using namespace parlor;
using namespace parlor::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Knows some tokens by heart.
struct stub_verifier final : token_verifier {
  std::map<std::string, claims> known;

  std::variant<claims, token_refusal>
  verify(const std::string& token,
         std::chrono::system_clock::time_point) const override {
    auto found = known.find(token);
    if (found == known.end())
      return token_refusal{"token is not ours"};
    return found->second;
  }
};

struct token_fixture : connection_fixture {
  token_fixture() {
    env.tokens = tokens;
    add("ann", "ann");
    add("bob", "bob");
    hello.user = user_id{"anon-0"};
    hello.anonymous = true;
  }

  claims& add(const std::string& token, const char* user) {
    return tokens->known[token] = claims{user_id{user}, {}, {}};
  }

  /// One that holds for so long.
  claims& add_for(const std::string& token, std::chrono::nanoseconds time) {
    auto& result = add(token, "ann");
    result.expires
      = env.now()
        + std::chrono::duration_cast<std::chrono::system_clock::duration>(time);
    return result;
  }

  /// Wakes the connection as its sockets would when it is time.
  void wake_in_time() {
    auto due = sockets[0].alarms.extract(id);
    REQUIRE(due);
    auto now = scheduler().clock().now();
    advance(std::max(due.mapped() - now, std::chrono::nanoseconds{0}));
    tell(client, atom::alarm_v);
  }

  /// Is let in with this token.
  void enter_with(const char* token) {
    hello.token = token;
    start();
    tell(client, admitted{});
  }

  std::vector<entrance> entrances() { return only<entrance>(to_registry); }

  std::shared_ptr<stub_verifier> tokens = std::make_shared<stub_verifier>();
};

} // namespace

TEST_CASE_METHOD(token_fixture, "a token of the upgrade lets in") {
  hello.token = "ann";
  start();
  auto asked = entrances();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].user == user_id{"ann"});
  CHECK(sockets[0].heard.empty());
  CHECK(sockets[0].alarms.empty());
  tell(client, admitted{});
  auto told = heard();
  REQUIRE(told.size() == 1);
  CHECK(told[0].find(R"("user_id":"ann")") != std::string::npos);
}

TEST_CASE_METHOD(token_fixture, "a wrong token of the upgrade closes") {
  hello.token = "stolen";
  start();
  CHECK(entrances().empty());
  CHECK(heard()
        == texts{R"({"type":"closing","code":4001,)"
                 R"("reason":"token is not ours","reconnect":false})"});
  CHECK(sockets[0].closed.at(id).first == close_code::unauthorized);
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::unauthorized);
}

TEST_CASE_METHOD(token_fixture, "a path's user must be the token's") {
  hello.user = user_id{"bob"};
  hello.anonymous = false;
  hello.token = "ann";
  start();
  CHECK(sockets[0].closed.at(id).second == "token is another user's");
}

TEST_CASE_METHOD(token_fixture, "without a token a hello is awaited") {
  start();
  CHECK(entrances().empty());
  REQUIRE(only<stranger>(to_registry).size() == 1);
  CHECK(only<stranger>(to_registry)[0].handle == client);
  CHECK(sockets[0].heard.contains(id));
  CHECK(sockets[0].admitted.empty());
  say(R"({"type":"join","room":"r","id":1})");
  CHECK(
    heard()
    == texts{R"({"type":"error","code":"unauthorized","message":)"
             R"("Say hello with a token first","id":1,"retryable":false})"});
  CHECK(joins().empty());
  say(R"({"type":"hello","token":"ann","id":2})");
  CHECK(served() == 2);
  REQUIRE(entrances().size() == 1);
  tell(client, admitted{});
  auto told = heard();
  REQUIRE(told.size() == 2);
  CHECK(told[1] == R"({"type":"reply","id":2,"ok":true,"user_id":"ann"})");
}

TEST_CASE_METHOD(token_fixture, "what comes behind the hello waits its turn") {
  start();
  say(R"({"type":"hello","token":"ann"})");
  say(R"({"type":"join","room":"r"})");
  say(R"({"type":"ping","id":9})");
  CHECK(heard().empty());
  tell(client, admitted{});
  auto told = heard();
  REQUIRE(told.size() == 2);
  CHECK(told[1] == R"({"type":"pong","id":9})");
  CHECK(joins().size() == 1);
}

TEST_CASE_METHOD(token_fixture, "a second hello behind the first is too much") {
  start();
  say(R"({"type":"hello","token":"ann"})");
  say(R"({"type":"hello","token":"bob"})");
  CHECK(entrances().size() == 1);
  tell(client, admitted{});
  auto told = heard();
  REQUIRE(told.size() == 2);
  CHECK(told[1].find("bad_request") != std::string::npos);
}

TEST_CASE_METHOD(token_fixture, "what comes behind a close is not looked at") {
  env.limits.messages_per_second = 1;
  env.limits.message_burst = 1;
  start();
  say(R"({"type":"hello","token":"bob"})");
  say(R"({"type":"join","room":"r"})");
  tell(client, dismissed{close_code::kicked, "Kicked", departure::kicked, 0});
  CHECK(joins().empty());
  CHECK(end_of());
}

TEST_CASE_METHOD(token_fixture, "who says no hello in time is closed") {
  start();
  wake_in_time();
  CHECK(heard()
        == texts{R"({"type":"closing","code":4009,)"
                 R"("reason":"No hello in time","reconnect":true,)"
                 R"("retry_after_ms":)"
                 + std::to_string(return_of(id).count()) + "}"});
  CHECK(end_of()->code == close_code::no_hello);
}

TEST_CASE_METHOD(token_fixture, "strangers run out of errors as others do") {
  env.limits.errors = 3;
  start();
  for (auto i = 0; i < 4; ++i)
    say("x");
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::policy_violation);
}

TEST_CASE_METHOD(token_fixture, "the end of a token is told, and comes") {
  add_for("ann", seconds{60});
  enter_with("ann");
  CHECK(heard().size() == 1);
  wake_in_time();
  CHECK(heard() == texts{R"({"type":"token_expiring","in_ms":25000})"});
  CHECK_FALSE(end_of());
  wake_in_time();
  CHECK(heard()
        == texts{R"({"type":"closing","code":4002,)"
                 R"("reason":"Token expired","reconnect":true,)"
                 R"("retry_after_ms":)"
                 + std::to_string(return_of(id).count()) + "}"});
  CHECK(end_of()->code == close_code::token_expired);
}

TEST_CASE_METHOD(token_fixture, "a short token is told of at once") {
  add_for("ann", seconds{3});
  enter_with("ann");
  auto told = heard();
  REQUIRE(told.size() == 2);
  CHECK(told[1] == R"({"type":"token_expiring","in_ms":3000})");
}

TEST_CASE_METHOD(token_fixture, "a refresh begins a new time") {
  add_for("ann", seconds{10});
  add_for("longer", seconds{100});
  enter_with("ann");
  heard();
  say(R"({"type":"refresh","token":"longer","id":1})");
  CHECK(heard()
        == texts{R"({"type":"reply","id":1,"ok":true,"user_id":"ann",)"
                 R"("expires_in_ms":100000})"});
  CHECK(served() == 1);
  // The time of the first is over.
  advance(seconds{10});
  tell(client, atom::alarm_v);
  CHECK_FALSE(end_of());
  wake_in_time();
  CHECK(heard() == texts{R"({"type":"token_expiring","in_ms":25000})"});
}

TEST_CASE_METHOD(token_fixture, "a refresh may end the end") {
  add_for("short", seconds{10});
  enter_with("short");
  heard();
  say(R"({"type":"refresh","token":"ann"})");
  wake_in_time();
  advance(seconds{100});
  tell(client, atom::alarm_v);
  CHECK(heard().empty());
  CHECK_FALSE(end_of());
}

TEST_CASE_METHOD(token_fixture, "a refresh may bring the end nearer") {
  add_for("long", seconds{100});
  add_for("short", seconds{30});
  // One without an end, and one with a later one.
  enter_with(GENERATE("ann", "long"));
  heard();
  say(R"({"type":"refresh","token":"short"})");
  CHECK(heard().empty());
  wake_in_time();
  CHECK(heard() == texts{R"({"type":"token_expiring","in_ms":25000})"});
  wake_in_time();
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::token_expired);
}

TEST_CASE_METHOD(token_fixture, "a wrong refresh changes nothing") {
  add_for("ann", seconds{60});
  enter_with("ann");
  heard();
  auto due = sockets[0].alarms.at(id);
  for (auto wrong : {"bob", "stolen"})
    say(R"({"type":"refresh","token":")" + std::string{wrong} + R"("})");
  auto told = heard();
  REQUIRE(told.size() == 2);
  for (auto& one : told)
    CHECK(one.find("unauthorized") != std::string::npos);
  CHECK(served() == 2);
  CHECK(sockets[0].alarms.at(id) == due);
}

TEST_CASE_METHOD(token_fixture, "the clock on the wall may jump") {
  add_for("ann", seconds{60});
  enter_with("ann");
  heard();
  env.now = [] { return event::timestamp{seconds{4'000'000'000}}; };
  advance(seconds{30});
  tell(client, atom::alarm_v);
  CHECK(heard().empty());
  CHECK_FALSE(end_of());
}

TEST_CASE_METHOD(token_fixture, "claims say which rooms") {
  add("ann", "ann").may.rooms = {{"tea", "ann-*"}};
  hello.rooms = {room_name{"coffee"}, room_name{"tea"}};
  enter_with("ann");
  auto told = heard();
  REQUIRE(told.size() == 2);
  CHECK(told[1].find("Room not allowed: coffee") != std::string::npos);
  CHECK(joins().size() == 1);
  say(R"({"type":"join","room":"coffee","id":1})");
  told = heard();
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("forbidden") != std::string::npos);
  CHECK(served() == 1);
  say(R"({"type":"join","room":"ann-1"})");
  CHECK(joins().size() == 2);
}

TEST_CASE_METHOD(token_fixture, "claims say of which rooms one is told") {
  add("ann", "ann").may.rooms = {{"tea", "b*"}};
  hello.token = "ann";
  start();
  tell(client, admitted{R"(["a","b\"\\","tea","teapot"])"});
  auto told = heard();
  REQUIRE(told.size() == 1);
  CHECK(told[0].find(R"("rooms":["b\"\\","tea"],)") != std::string::npos);
}

TEST_CASE_METHOD(token_fixture, "claims say whether one begins in the lobby") {
  add("ann", "ann").may.rooms = {{"tea"}};
  add("later", "ann").may.rooms = {{"tea", "ann-*"}};
  hello.speaks = dialect::text;
  hello.token = "ann";
  start(dialect::text, {"tea"});
  tell(client, admitted{});
  CHECK(heard() == texts{"error: Room not allowed: lobby"});
  auto asked = joins();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].room.str() == "tea");
  let_in("tea");
  say("is anybody here?");
  CHECK(heard() == texts{"error: Not in room: lobby"});
  CHECK(to_room.empty());
  // Nothing speaks against a token without a room that it never was in.
  say(R"({"type":"refresh","token":"later"})");
  CHECK(heard().empty());
  CHECK_FALSE(end_of());
}

TEST_CASE_METHOD(token_fixture, "a hello's claims count for the lobby, too") {
  add("ann", "ann").may.rooms = {{"tea"}};
  start(dialect::text);
  say(R"({"type":"hello","token":"ann"})");
  say("is anybody here?");
  tell(client, admitted{});
  CHECK(
    heard()
    == texts{"error: Room not allowed: lobby", "error: Not in room: lobby"});
  CHECK(joins().empty());
}

TEST_CASE_METHOD(token_fixture, "claims count for lines of the lobby, too") {
  add("ann", "ann").may.publish = false;
  hello.token = "ann";
  start(dialect::text);
  tell(client, admitted{});
  let_in("lobby");
  say("hello");
  CHECK(heard() == texts{"error: The token is for listening only"});
  CHECK(to_room.empty());
}

TEST_CASE_METHOD(token_fixture, "a refresh must have the rooms one is in") {
  add("ann", "ann");
  add("narrow", "ann").may.rooms = {{"tea"}};
  enter_with("ann");
  enter("r");
  heard();
  say(R"({"type":"refresh","token":"narrow"})");
  auto told = heard();
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("forbidden") != std::string::npos);
  say(R"({"type":"join","room":"s"})");
  CHECK(joins().size() == 2);
}

TEST_CASE_METHOD(token_fixture, "claims may allow to listen alone") {
  add("ann", "ann").may.publish = false;
  enter_with("ann");
  enter("r");
  heard();
  for (auto frame : {R"({"type":"chat","room":"r","content":1})",
                     R"({"type":"signal","room":"r","name":"n","data":1})",
                     R"({"type":"presence","room":"r","data":1})",
                     R"({"type":"private","to":"bob","content":1})"}) {
    say(frame);
    auto told = heard();
    REQUIRE(told.size() == 1);
    CHECK(told[0].find("forbidden") != std::string::npos);
  }
  CHECK(served() == 5);
  CHECK(to_room.empty());
  CHECK(only<private_message>(to_registry).empty());
}

TEST_CASE_METHOD(token_fixture, "what came behind the hello is served") {
  start();
  say(R"({"type":"hello","token":"ann"})");
  say(R"({"type":"private","to":"bob","content":1})");
  say(R"({"type":"join","room":"r"})");
  say(R"({"type":"chat","room":"r","content":2})");
  tell(client, socket_closed{close_code::normal, "", departure::closed});
  CHECK_FALSE(end_of());
  // Another connection of the user's has come meanwhile.
  tell(client, dismissed{close_code::replaced, "Go", departure::closed, 0});
  CHECK_FALSE(end_of());
  tell(client, admitted{});
  CHECK(only<private_message>(to_registry).size() == 1);
  CHECK_FALSE(end_of());
  let_in();
  CHECK(only<publish>(to_room).size() == 1);
  CHECK(end_of()->code == close_code::normal);
}

TEST_CASE_METHOD(token_fixture, "nothing is served of who is refused") {
  start();
  say(R"({"type":"hello","token":"ann"})");
  say(R"({"type":"private","to":"bob","content":1})");
  tell(client, socket_closed{close_code::normal, "", departure::closed});
  tell(client,
       dismissed{close_code::at_capacity, "Full", departure::closed, 0});
  CHECK(only<private_message>(to_registry).empty());
  CHECK(end_of()->code == close_code::normal);
}

TEST_CASE_METHOD(token_fixture, "no token makes one the service itself") {
  env.api_sender = user_id{"house"};
  add("house", "house");
  SECTION("of the upgrade") {
    hello.token = "house";
    start();
  }
  SECTION("of a hello") {
    start();
    say(R"({"type":"hello","token":"house"})");
  }
  CHECK(sockets[0].closed.at(id).second == "user's name is reserved");
  CHECK(entrances().empty());
}

TEST_CASE_METHOD(token_fixture, "in dialect text names must be plain") {
  add("odd", "[Private from bob]");
  hello.token = "odd";
  SECTION("text") {
    start(dialect::text);
    CHECK(sockets[0].closed.at(id).first == close_code::unauthorized);
  }
  SECTION("typed") {
    start();
    CHECK(entrances().size() == 1);
  }
}
