// SPDX-License-Identifier: MIT
#include "actors/admin.hpp"
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

class answers final : public api_answerer {
public:
  void answer(api_answer what) override { all.push_back(std::move(what)); }

  std::vector<api_answer> all;
};

/// Three nodes whose admins are asked.
struct shared_admin_fixture : cluster_fixture {
  api_answer http(node& x, api_call call, std::string subject = {},
                  std::string body = {}) {
    auto log = std::make_shared<answers>();
    api_request request;
    request.call = call;
    request.subject = std::move(subject);
    request.body = std::move(body);
    request.after = after;
    request.limit = limit;
    request.reply = log;
    caf::anon_send(x.core.admin, std::move(request));
    settle();
    REQUIRE(log->all.size() == 1);
    return log->all[0];
  }

  /// It is in, but no link to it is up.
  void unlink(node& x) {
    for (auto& other : nodes)
      if (&other != &x) {
        cut.insert({x.stay, other.stay});
        cut.insert({other.stay, x.stay});
      }
    lose_links(x);
    settle();
  }

  /// It is in and linked, and does nothing.
  void hang(node& x) {
    for (auto& other : nodes)
      if (&other != &x) {
        held.insert({x.stay, other.stay});
        held.insert({other.stay, x.stay});
      }
  }

  std::string after;
  uint64_t limit = default_page;
};

} // namespace

TEST_CASE_METHOD(shared_admin_fixture, "lists are of all nodes", "[users]") {
  connect(at(0), "ann", {"r"});
  connect(at(1), "ann", {"r", "s"});
  connect(at(2), "bob", {"r"});
  for (size_t i = 0; i < 3; ++i) {
    auto& x = at(i);
    CHECK(http(x, api_call::connections).body
          == R"({"rooms":["r","s"],"total":3,)"
             R"("users_per_room":{"r":["ann","bob"],"s":["ann"]},)"
             R"("connections_per_room":{"r":3,"s":1},"unique_users":2,)"
             R"("nodes":[{"id":"a","status":"up","connections":1},)"
             R"({"id":"b","status":"up","connections":1},)"
             R"({"id":"c","status":"up","connections":1}]})");
    CHECK(has(http(x, api_call::stats).body,
              R"({"total_connections":3,"unique_users":2,)"
              R"("max_connections":3000,"rooms":2,"nodes":[)"));
    CHECK(has(http(x, api_call::rooms).body,
              R"({"rooms":[{"room":"r","users":2,"connections":3},)"
              R"({"room":"s","users":1,"connections":1}],"nodes":[)"));
    CHECK(has(http(x, api_call::room, "r").body,
              R"({"room":"r","users":["ann","bob"],"connections":3,)"));
    CHECK(has(http(x, api_call::users).body,
              R"({"users":[{"user_id":"ann","connections":2},)"
              R"({"user_id":"bob","connections":1}],"nodes":[)"));
    auto shown = http(x, api_call::user, "ann").body;
    CHECK(has(shown, R"("node":"a"})"));
    CHECK(has(shown, R"("node":"b"})"));
    CHECK(http(x, api_call::user, "nobody").status == 404);
    CHECK(http(x, api_call::room, "nowhere").status == 404);
  }
}

TEST_CASE_METHOD(shared_admin_fixture, "a page is of all nodes", "[users]") {
  for (size_t i = 0; i < 3; ++i)
    connect(at(2 - i), std::to_string(i).c_str(), {"r"});
  limit = 2;
  auto shown = http(at(0), api_call::users).body;
  CHECK(has(shown, R"("users":[{"user_id":"0",)"));
  CHECK(has(shown, R"("user_id":"1")"));
  CHECK_FALSE(has(shown, R"("user_id":"2")"));
  after = "1";
  shown = http(at(0), api_call::users).body;
  CHECK(has(shown, R"("users":[{"user_id":"2",)"));
  after = to_string(clients[0].id);
  shown = http(at(1), api_call::connections_detail).body;
  CHECK_FALSE(has(shown, R"("id":")" + to_string(clients[0].id)));
  CHECK(has(shown, R"("id":")" + to_string(clients[1].id)));
  CHECK(has(shown, R"("id":")" + to_string(clients[2].id)));
}

TEST_CASE_METHOD(shared_admin_fixture, "a silent node is not waited for",
                 "[users]") {
  connect(at(0), "ann", {"r"});
  connect(at(1), "bob", {"r"});
  at(1).running = false;
  auto shown = http(at(0), api_call::connections).body;
  CHECK(has(shown, R"("total":1,)"));
  CHECK(has(shown, R"({"id":"b","status":"silent","connections":0})"));
  CHECK(has(shown, R"({"id":"c","status":"up","connections":0})"));
  CHECK(http(at(0), api_call::user, "bob").status == 503);
  at(1).running = true;
}

TEST_CASE_METHOD(shared_admin_fixture, "nobody is taken for absent unasked",
                 "[users]") {
  auto& x = bystander_of("ann");
  auto& ann = connect(x, "ann", {"r"});
  auto& bob = connect(home_of("ann"), "bob");
  take(bob);
  unlink(x);
  auto& asked = GENERATE(true, false) ? home_of("ann") : standby_of("ann");
  auto status = [&](api_call call, std::string subject, std::string body = {}) {
    return http(asked, call, std::move(subject), std::move(body)).status;
  };
  auto id = to_string(ann.id);
  CHECK(status(api_call::user, "ann") == 503);
  CHECK(status(api_call::kick_user, "ann") == 503);
  CHECK(status(api_call::kick_connection, id) == 503);
  CHECK(status(api_call::disconnect, {}, R"({"user":"ann"})") == 503);
  CHECK(status(api_call::send, {}, R"({"user":"ann","content":1})") == 503);
  // Whom that node has is not known: it may be anybody.
  CHECK(status(api_call::kick_user, "cay") == 503);
  CHECK(status(api_call::room, "elsewhere") == 503);
  say(bob, R"({"type":"private","to":"ann","content":1,"id":1})");
  CHECK(is_error(take(bob).at(0), "unavailable"));
  auto told = http(asked, api_call::broadcast, {}, R"({"content":1})");
  CHECK(told.status == 200);
  CHECK(has(told.body, R"({"ok":true,"nodes":[)"));
  CHECK(has(told.body, R"({"id":")" + x.id.str() + R"(","status":"silent",)"));
  cut.clear();
  settle();
  CHECK(status(api_call::user, "cay") == 404);
  CHECK(status(api_call::kick_user, "cay") == 404);
  CHECK(status(api_call::kick_connection, "999") == 404);
  CHECK(status(api_call::disconnect, {}, R"({"user":"cay"})") == 404);
  CHECK(http(asked, api_call::send, {}, R"({"user":"cay","content":1})").body
        == R"({"delivered":0})");
  CHECK(status(api_call::kick_user, "ann") == 204);
}

TEST_CASE_METHOD(shared_admin_fixture, "a part of a user is not all of it",
                 "[users]") {
  auto& x = bystander_of("ann");
  auto& here = connect(home_of("ann"), "ann");
  auto& there = connect(x, "ann");
  unlink(x);
  auto& asked = home_of("ann");
  CHECK(http(asked, api_call::send, {}, R"({"user":"ann","content":1})").body
        == R"({"delivered":1})");
  CHECK(http(asked, api_call::kick_user, "ann").status == 503);
  CHECK(ended(here.handle));
  CHECK_FALSE(ended(there.handle));
}

TEST_CASE_METHOD(shared_admin_fixture, "who hangs is not taken for empty",
                 "[users]") {
  auto& x = bystander_of("ann");
  auto& ann = connect(x, "ann");
  hang(x);
  auto& asked = home_of("ann");
  CHECK(http(asked, api_call::kick_connection, to_string(ann.id)).status
        == 503);
  CHECK(http(asked, api_call::user, "ann").status == 503);
  auto told = http(asked, api_call::broadcast, {}, R"({"content":1})").body;
  CHECK(has(told, R"({"id":")" + x.id.str() + R"(","status":"silent",)"));
}

TEST_CASE_METHOD(shared_admin_fixture, "a node that is out knows of others",
                 "[users]") {
  auto& x = at(0);
  auto& ann = connect(x, "ann", {"r"});
  auto& bob = connect(at(1), "bob");
  expel(x);
  settle();
  CHECK(http(x, api_call::user, "ann").status == 200);
  CHECK(http(x, api_call::user, "bob").status == 503);
  CHECK(http(x, api_call::room, "elsewhere").status == 503);
  CHECK(http(x, api_call::kick_connection, to_string(bob.id)).status == 503);
  CHECK(http(x, api_call::send, {}, R"({"user":"bob","content":1})").status
        == 503);
  CHECK(has(http(x, api_call::users).body,
            R"("nodes":[{"id":"a","status":"up","connections":1},)"
            R"({"id":"b","status":"silent","connections":0},)"
            R"({"id":"c","status":"silent","connections":0}]})"));
  CHECK(has(http(x, api_call::broadcast, {}, R"({"content":1})").body,
            R"({"id":"b","status":"silent","connections":0})"));
  // Who is here goes; there may be more.
  CHECK(http(x, api_call::kick_user, "ann").status == 503);
  CHECK(ended(ann.handle));
}

TEST_CASE_METHOD(shared_admin_fixture, "a connection anywhere is sent away",
                 "[users]") {
  // Whichever node is the first to answer.
  for (auto& x : nodes) {
    auto& ann = connect(x, "ann");
    CHECK(http(at(0), api_call::kick_connection, to_string(ann.id)).status
          == 204);
    CHECK(ended(ann.handle));
  }
}

TEST_CASE_METHOD(shared_admin_fixture, "a scrape tells how many nodes are in",
                 "[users]") {
  auto page = [&] { return http(nodes[0], api_call::metrics).body; };
  CHECK(has(page(), "parlor_cluster_members 3\n"));
  kill(nodes[2]);
  publish_view();
  settle();
  CHECK(has(page(), "parlor_cluster_members 2\n"));
}

TEST_CASE_METHOD(shared_admin_fixture, "only who is in is ready", "[users]") {
  CHECK(http(at(0), api_call::health_ready).status == 200);
  at(0).is_fenced = true;
  auto fenced = http(at(0), api_call::health_ready);
  CHECK(fenced.status == 503);
  CHECK(has(fenced.body, "may be taken for gone"));
  CHECK(http(at(0), api_call::health_live).status == 200);
  at(0).is_fenced = false;
  at(0).has_caught_up = false;
  auto behind = http(at(0), api_call::health_ready);
  CHECK(behind.status == 503);
  CHECK(has(behind.body, "has not caught up"));
  at(0).has_caught_up = true;
  expel(at(0));
  settle();
  auto outside = http(at(0), api_call::health_ready);
  CHECK(outside.status == 503);
  CHECK(has(outside.body, "not in its cluster"));
  publish_view();
  settle();
  CHECK(http(at(0), api_call::health_ready).status == 200);
}
