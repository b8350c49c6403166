// SPDX-License-Identifier: MIT
#include "tests/inspection/watched_fixture.hpp"

#include "messages/to_registry.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace parlor;
using namespace parlor::inspection;
using namespace parlor::test;

namespace {

/// The names of the messages that an actor has handled last.
std::vector<std::string> messages_of(watch_state& seen, uint64_t actor) {
  std::vector<std::string> result;
  for (auto& one : seen.trace({actor}).messages)
    result.push_back(one.what);
  return result;
}

bool has(const std::vector<std::string>& all, const char* one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

uint64_t total(watch_state& seen, std::string kind) {
  actors_query query;
  query.kind = std::move(kind);
  return seen.list(query).total;
}

} // namespace

TEST_CASE_METHOD(watched_fixture, "a watch lists every actor from its begin on",
                 "[watch]") {
  // Nobody has said anything to them yet.
  for (auto kind : {"directory", "registry", "admin", "inspector", "watch"})
    CHECK(total(seen(), kind) == 1);
  CHECK(total(seen(), "lane") == thread_count);
  connect("ann", {"tea"});
  CHECK(total(seen(), "connection") == 1);
  // There is the canary, too.
  CHECK(total(seen(), "room") == 2);
}

TEST_CASE_METHOD(watched_fixture, "actors are found by the names they go by",
                 "[watch]") {
  auto ann = connect("ann", {"tea", "milk"});
  actors_query query;
  query.search = "ANN";
  auto found = seen().list(query);
  REQUIRE(found.total == 1);
  CHECK(found.actors[0].id == ann.id());
  CHECK(found.actors[0].title == "ann");
  query.search = "ea";
  CHECK(seen().list(query).actors.at(0).kind == "room");
}

TEST_CASE_METHOD(watched_fixture, "who has ended is not listed any more",
                 "[watch]") {
  auto ann = connect("ann", {"tea"});
  auto id = ann.id();
  tell(ann, socket_closed{});
  CHECK(total(seen(), "connection") == 0);
  CHECK(seen().trace({id}).handle == nullptr);
  // What it has done stays in the sums.
  auto kinds = seen().paint().kinds;
  auto found = std::find_if(kinds.begin(), kinds.end(),
                            [](auto& x) { return x.kind == "connection"; });
  REQUIRE(found != kinds.end());
  CHECK(found->actors == 0);
  CHECK(found->handled > 0);
}

TEST_CASE_METHOD(watched_fixture, "messages are traced, and who sent them",
                 "[watch]") {
  auto ann = connect("ann", {"tea"});
  auto trace = seen().trace({core.directory.id()});
  auto join = std::find_if(trace.messages.begin(), trace.messages.end(),
                           [](auto& x) { return x.what == "join"; });
  REQUIRE(join != trace.messages.end());
  CHECK(join->sender == ann.id());
  CHECK(join->sender_kind == "connection");
  CHECK(trace.summary.handled == trace.messages.size());
  tell(ann, client_frame{R"({"type":"ping"})"});
  auto told = seen().trace({ann.id()}).messages;
  CHECK(told.back().what == "client_frame");
  CHECK(told.back().sender == 0);
  CHECK(told.back().sender_kind.empty());
}

TEST_CASE_METHOD(watched_fixture, "system messages and answers are traced too",
                 "[watch]") {
  auto ann = connect("ann", {"tea"});
  tell(ann, socket_closed{});
  CHECK(has(messages_of(seen(), core.registry.id()), "down"));
  api_request stats;
  stats.call = api_call::stats;
  stats.reply = std::make_shared<stub_answerer>();
  tell(core.admin, stats);
  auto told = messages_of(seen(), core.admin.id());
  CHECK(has(told, "api_request"));
  CHECK(has(told, "answer: registry_stats"));
  CHECK(has(messages_of(seen(), core.registry.id()), "atom stats"));
}

TEST_CASE_METHOD(watched_fixture, "an atom is traced by its name", "[watch]") {
  tell(core.admin, atom::tick_v, uint64_t{5});
  auto told = messages_of(seen(), core.admin.id());
  REQUIRE(!told.empty());
  CHECK(told.back() == "atom tick, u64");
}

TEST_CASE_METHOD(watched_fixture, "types that CAF has no name for have ours",
                 "[watch]") {
  get("/debug/actors");
  CHECK(has(messages_of(seen(), watch.id()), "actors_query"));
  CHECK(has(messages_of(seen(), inspector.id()), "answer: actors_page"));
}

TEST_CASE_METHOD(watched_fixture, "what a message holds is not traced",
                 "[watch]") {
  auto ann = connect("ann", {"tea"});
  tell(ann, client_frame{
              R"({"type":"chat","room":"tea","content":"a secret word"})"});
  actors_query all;
  for (auto& one : seen().list(all).actors)
    CHECK(get("/debug/actors/" + std::to_string(one.id)).body.find("secret")
          == std::string::npos);
}

TEST_CASE_METHOD(watched_fixture, "the last messages are remembered",
                 "[watch]") {
  for (uint64_t i = 0; i < 100; ++i)
    tell(core.admin, atom::tick_v, i);
  auto trace = seen().trace({core.admin.id()});
  CHECK(trace.messages.size() == traced_messages);
  CHECK(trace.summary.handled == 100);
}

TEST_CASE_METHOD(watched_fixture, "a handler that throws is timed too",
                 "[watch]") {
  auto ann = connect("ann", {"tea"});
  sockets[0].broken = true;
  tell(ann, client_frame{R"({"type":"ping"})"});
  CHECK(seen().current == nullptr);
  CHECK(ended(ann));
}

TEST_CASE_METHOD(watched_fixture, "a question for the state leaves no trace",
                 "[watch]") {
  auto before = seen().trace({core.registry.id()});
  for (auto i = 0; i < 3; ++i)
    ask<report>(core.registry, state_query{});
  auto after = seen().trace({core.registry.id()});
  CHECK(after.summary.handled == before.summary.handled);
  CHECK(after.messages.size() == before.messages.size());
}

TEST_CASE_METHOD(watched_fixture, "mailboxes are measured", "[watch]") {
  auto ann = connect("ann", {"tea"});
  for (auto i = 0; i < 7; ++i)
    caf::anon_send(ann, client_frame{R"({"type":"ping"})"});
  CHECK(seen().trace({ann.id()}).summary.mailbox == 7);
  actors_query fullest;
  fullest.order = actors_order::mailbox;
  CHECK(seen().list(fullest).actors.at(0).id == ann.id());
  run();
  CHECK(seen().trace({ann.id()}).summary.mailbox == 0);
}

TEST_CASE_METHOD(watched_fixture,
                 "who is looked at while it sleeps wakes again", "[watch]") {
  auto ann = connect("ann", {"tea"});
  seen().list({});
  seen().paint();
  take(id_of(0, 1));
  tell(ann, client_frame{R"({"type":"ping"})"});
  CHECK(take(id_of(0, 1)).size() == 1);
}

TEST_CASE_METHOD(watched_fixture, "flows are by kind", "[watch]") {
  connect("ann", {"tea"});
  auto flows = seen().paint().flows;
  CHECK(std::any_of(flows.begin(), flows.end(), [](auto& x) {
    return x.from == "connection" && x.to == "directory" && x.local
           && x.messages == 1;
  }));
}

TEST_CASE_METHOD(actor_fixture, "without a watch nobody looks", "[watch]") {
  CHECK(observer::here == nullptr);
  {
    watched_fixture watched;
    CHECK(observer::here == &watched.seen());
  }
  CHECK(observer::here == nullptr);
}
