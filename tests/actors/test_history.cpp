// SPDX-License-Identifier: MIT
#include "actors/history.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using namespace std::chrono_literals;

namespace {

constexpr epoch opening{7, 1};

using texts = std::vector<std::string>;

texts read(const std::vector<frame>& xs) {
  texts result;
  for (auto& x : xs)
    result.emplace_back(x.text());
  return result;
}

/// A log with an order and a clock.
struct log_fixture {
  log_fixture() { open(); }

  void open() {
    log.emplace(room_name{"r"}, opening, bounds, pool);
    seq = 0;
  }

  void chat(const std::string& content = "1", frames said = {}) {
    event::chat what{room_name{"r"}, user_id{"ann"}, content, {}, ++seq};
    log->add(opening, std::move(what), std::move(said), now);
  }

  void join(const char* user, bool silent = false) {
    log->add(opening, {room_name{"r"}, user_id{user}, {}, ++seq}, silent, now);
  }

  void leave(const char* user, departure why = departure::left) {
    log->add(opening, {room_name{"r"}, user_id{user}, why, ++seq}, {}, now);
  }

  /// How many things came after this number; -1 where that is not known.
  int after(uint64_t known, epoch in = opening) {
    auto found = log->since({in, known}, dialect::typed, now);
    return found ? int(found->size()) : -1;
  }

  size_t chats(uint64_t before = UINT64_MAX, uint64_t most = UINT64_MAX) {
    return log->chats(before, most, dialect::typed, now).size();
  }

  limits bounds;
  std::shared_ptr<memory_pool> pool = std::make_shared<memory_pool>();
  std::optional<history> log;
  uint64_t seq = 0;
  history::clock::time_point now{1h};
};

} // namespace

TEST_CASE_METHOD(log_fixture, "what came after a place is replayed in order") {
  join("ann");
  chat(R"("hi")");
  leave("bob", departure::timeout);
  auto found = log->since({opening, 0}, dialect::typed, now);
  REQUIRE(found);
  CHECK(read(*found)
        == texts{R"({"type":"user_joined","user_id":"ann","room":"r","seq":1})",
                 R"({"type":"chat","room":"r","content":"hi","sender":"ann",)"
                 R"("timestamp":"1970-01-01T00:00:00.000Z","seq":2})",
                 R"({"type":"user_left","user_id":"bob","room":"r",)"
                 R"("reason":"timeout","seq":3})"});
  CHECK(after(1) == 2);
  CHECK(after(3) == 0);
}

TEST_CASE_METHOD(log_fixture, "a place that never was recovers nothing") {
  CHECK(after(0) == 0);
  CHECK(after(1) == -1);
  chat();
  CHECK(after(2) == -1);
  CHECK(after(UINT64_MAX) == -1);
  CHECK(after(1, {7, 2}) == -1);
  CHECK(after(0, {6, 1}) == -1);
  CHECK(after(0, {}) == -1);
}

TEST_CASE_METHOD(log_fixture, "so many chats are kept, with what is between") {
  bounds.history_size = 2;
  chat();
  join("bob");
  chat();
  CHECK(after(0) == 3);
  chat();
  CHECK(after(0) == -1);
  CHECK(after(1) == 3);
  for (auto i = 0; i < 20; ++i)
    join("carol");
  CHECK(after(1) == 23);
  CHECK(chats() == 2);
}

TEST_CASE_METHOD(log_fixture, "without a size nothing is kept") {
  bounds.history_size = 0;
  chat();
  join("bob");
  CHECK(log->empty());
  CHECK(log->bytes() == 0);
  CHECK(after(1) == -1);
  // But who has seen all has missed nothing.
  CHECK(after(2) == 0);
}

TEST_CASE_METHOD(log_fixture, "what is too old is forgotten") {
  bounds.history_ttl = 10s;
  chat();
  now += 5s;
  chat();
  CHECK(log->end() == now + 10s);
  now += 5s - 1ns;
  CHECK(after(0) == 2);
  now += 1ns;
  CHECK(after(0) == -1);
  CHECK(after(1) == 1);
  CHECK(chats() == 1);
  now += 5s;
  CHECK(after(2) == 0);
  CHECK(chats() == 0);
  CHECK_FALSE(log->end());
  CHECK(log->bytes() == 0);
  CHECK(log->published());
}

TEST_CASE_METHOD(log_fixture, "a room keeps so many bytes at most") {
  bounds.history_room_bytes = 10000;
  for (auto i = 0; i < 100; ++i) {
    chat('"' + std::string(500, 'x') + '"');
    CHECK(log->bytes() <= 10000);
  }
  CHECK(chats() > 3);
  CHECK(chats() < 20);
  chat('"' + std::string(20000, 'x') + '"');
  CHECK(log->empty());
  CHECK(after(seq) == 0);
  chat();
  CHECK(after(seq - 1) == 1);
}

TEST_CASE_METHOD(log_fixture, "replays count as memory too") {
  bounds.history_room_bytes = 10000;
  for (auto i = 0; i < 10; ++i)
    chat('"' + std::string(500, 'x') + '"');
  auto before = log->bytes();
  for (auto to : all_dialects)
    log->chats(UINT64_MAX, 100, to, now);
  CHECK(log->bytes() != before);
  CHECK(log->bytes() <= 10000);
}

TEST_CASE_METHOD(log_fixture, "all rooms together keep so many bytes at most") {
  bounds.history_total_bytes = 40000;
  history other{room_name{"s"}, opening, bounds, pool};
  for (auto i = 0; i < 100; ++i)
    chat('"' + std::string(500, 'x') + '"');
  CHECK(pool->used() <= 40000);
  CHECK(chats() > 10);
  auto before = chats();
  event::chat large{room_name{"s"}, user_id{"ann"},
                    '"' + std::string(4000, 'x') + '"', event::timestamp{}, 1};
  other.add(opening, std::move(large), {}, now);
  // Who has most gives way.
  CHECK(other.size() == 1);
  CHECK(chats() < before);
  CHECK(pool->used() <= 40000);
  log.reset();
  other.restart();
  CHECK(pool->used() == 0);
}

TEST_CASE_METHOD(log_fixture, "what members were told is kept, not written") {
  frames said;
  said[dialect::typed] = frame{"as it was told"};
  chat("1", said);
  auto typed = log->chats(UINT64_MAX, 1, dialect::typed, now);
  REQUIRE(typed.size() == 1);
  CHECK(typed[0].bytes().data() == said[dialect::typed].bytes().data());
}

TEST_CASE_METHOD(log_fixture, "each entry is written once for each dialect") {
  chat();
  join("bob");
  for (auto to : all_dialects) {
    auto first = *log->since({opening, 0}, to, now);
    auto second = *log->since({opening, 0}, to, now);
    REQUIRE(first.size() == 2);
    for (size_t i = 0; i < 2; ++i)
      CHECK(first[i].bytes().data() == second[i].bytes().data());
  }
}

TEST_CASE_METHOD(log_fixture, "a silent join is no replayed line of text") {
  join("ann", true);
  join("bob");
  auto text = log->since({opening, 0}, dialect::text, now);
  REQUIRE(text);
  CHECK(read(*text) == texts{"bob joined r"});
  CHECK(after(0) == 2);
}

TEST_CASE_METHOD(log_fixture, "chats are asked for by number, the last first") {
  chat();
  join("bob");
  chat();
  chat();
  CHECK(chats() == 3);
  CHECK(chats(4) == 2);
  CHECK(chats(3) == 1);
  CHECK(chats(1) == 0);
  CHECK(chats(UINT64_MAX, 0) == 0);
  auto two = read(log->chats(UINT64_MAX, 2, dialect::action, now));
  REQUIRE(two.size() == 2);
  CHECK(two[0].find(R"("seq":3})") != std::string::npos);
  CHECK(two[1].find(R"("seq":4})") != std::string::npos);
  CHECK(two[0].starts_with(R"({"type":"message","user_id":"ann")"));
}

TEST_CASE_METHOD(log_fixture, "only a chat publishes") {
  join("ann");
  leave("ann");
  CHECK_FALSE(log->published());
  chat();
  CHECK(log->published());
}

TEST_CASE_METHOD(log_fixture, "a place is known across openings") {
  chat();
  event::chat what{room_name{"r"}, user_id{"ann"}, "1", {}, ++seq};
  log->add({8, 1}, std::move(what), {}, now);
  CHECK(after(1) == 1);
  CHECK(after(2, {8, 1}) == 0);
  CHECK(after(2) == -1);
  CHECK(after(1, {8, 1}) == -1);
}

TEST_CASE_METHOD(log_fixture, "what is old goes when something new comes") {
  join("ann");
  now += bounds.history_ttl;
  join("bob");
  CHECK(log->size() == 1);
}

TEST_CASE_METHOD(log_fixture, "what is void was never said") {
  chat();
  chat();
  join("bob");
  log->truncate(1);
  CHECK(log->size() == 1);
  CHECK(after(1) == 0);
  CHECK(after(2) == -1);
  seq = 1;
  chat(R"("another")");
  CHECK(after(1) == 1);
  CHECK(chats() == 2);
}

TEST_CASE_METHOD(log_fixture, "an opening is a place behind what came before") {
  constexpr epoch next{8, 1};
  log->reopen({next, 0});
  chat();
  CHECK(after(0, next) == 1);
  constexpr epoch third{9, 1};
  log->reopen({third, 1});
  CHECK(after(1, third) == 0);
  event::chat more{room_name{"r"}, user_id{"ann"}, "2", {}, 2};
  log->add(third, std::move(more), {}, now);
  CHECK(after(1, third) == 1);
  CHECK(after(1) == 1);
  CHECK(after(2, third) == 0);

  SECTION("as long as it is not forgotten") {
    now += bounds.history_ttl;
    CHECK(after(1, third) == -1);
  }
  SECTION("and was not void") {
    log->reopen({{10, 1}, 2});
    log->truncate(1);
    CHECK(after(2, {10, 1}) == -1);
    CHECK(after(1, third) == 0);
  }
}

TEST_CASE_METHOD(log_fixture, "who begins anew knows no place") {
  chat();
  log->restart();
  CHECK(log->size() == 0);
  CHECK(log->bytes() == 0);
  CHECK(after(1) == -1);
  CHECK(after(0) == -1);
}
