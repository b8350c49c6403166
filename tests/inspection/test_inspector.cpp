// SPDX-License-Identifier: MIT
#include "tests/inspection/watched_fixture.hpp"

#include "messages/to_connection.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace parlor;
using namespace parlor::inspection;
using namespace parlor::test;
using nlohmann::json;

namespace {

/// Whether some of these links is such a one.
bool has_link(const json& links, const char* end, const char* relation,
              uint64_t other) {
  return std::any_of(links.begin(), links.end(), [&](auto& x) {
    return x["relation"] == relation && x[end] == other;
  });
}

struct inspector_fixture : watched_fixture {
  nlohmann::json detail(uint64_t id) {
    return shown("/debug/actors/" + std::to_string(id));
  }

  nlohmann::json view(view_query what) {
    return nlohmann::json::parse(ask<view_update>(inspector, what)->json);
  }

  uint64_t id_of_room(const std::string& name) {
    return shown("/debug/actors?kind=room&search=" + name)["actors"][0]["id"];
  }
};

} // namespace

TEST_CASE_METHOD(inspector_fixture, "actors are listed", "[inspector]") {
  connect("ann", {"tea"});
  connect("bob", {"tea"});
  auto all = shown("/debug/actors?kind=connection");
  CHECK(all["total"] == 2);
  CHECK(all["complete"] == true);
  CHECK(all["actors"][1]["title"] == "bob");
  CHECK(all["actors"][1]["thread"] == 0);
  auto first = shown("/debug/actors?kind=connection&limit=1");
  CHECK(first["actors"].size() == 1);
  CHECK(first["next"] == first["actors"][0]["id"]);
}

TEST_CASE_METHOD(inspector_fixture, "an actor answers for its own state",
                 "[inspector]") {
  auto ann = connect("ann", {"tea"});
  auto room = detail(id_of_room("tea"));
  CHECK(room["title"] == "tea");
  CHECK(room["state"]["room"] == "tea");
  CHECK(room["state"]["connections"] == 1);
  CHECK(room["state"]["failed"] == false);
  CHECK(has_link(room["links"], "to", "monitors", ann.id()));
  CHECK(has_link(room["linked_from"], "from", "owns", core.directory.id()));
  CHECK(has_link(room["linked_from"], "from", "knows", ann.id()));
}

TEST_CASE_METHOD(inspector_fixture, "who monitors whom is told by both",
                 "[inspector]") {
  auto ann = connect("ann", {"tea"});
  for (auto i = 0; i < 100; ++i)
    connect(("user-" + std::to_string(i)).c_str(), {});
  auto shown = detail(ann.id());
  CHECK(shown["state"]["user"] == "ann");
  CHECK(shown["state"]["rooms"] == json::array({"tea"}));
  CHECK(has_link(shown["links"], "to", "knows", core.registry.id()));
  CHECK(has_link(shown["linked_from"], "from", "monitors", core.registry.id()));
  CHECK(has_link(shown["linked_from"], "from", "monitors", id_of_room("tea")));
  auto registry = detail(core.registry.id());
  CHECK(registry["linked"] == 101 + 1 + thread_count);
  CHECK(registry["links"].size() == report::most_links);
}

TEST_CASE_METHOD(inspector_fixture, "a link is told once", "[inspector]") {
  auto ann = connect("ann", {"tea"});
  auto links = detail(ann.id())["linked_from"];
  for (auto& one : links)
    CHECK(std::count(links.begin(), links.end(), one) == 1);
}

TEST_CASE_METHOD(inspector_fixture, "the overview has every thread",
                 "[inspector]") {
  auto overview = shown("/debug/overview");
  CHECK(overview["node"] == "local");
  REQUIRE(overview["threads"].size() == 1);
  CHECK(overview["threads"][0]["thread"] == 0);
  CHECK(overview["threads"][0]["silent"] == false);
}

TEST_CASE_METHOD(inspector_fixture, "who is not there is not found",
                 "[inspector]") {
  CHECK(get("/debug/actors/999999").status == 404);
  CHECK(get("/debug/actors/0").status == 400);
  CHECK(get("/debug/nothing").status == 404);
  CHECK(get("/debug/actors?limit=0").status == 400);
  auto problem = json::parse(get("/debug/actors/x").body);
  CHECK(problem["status"] == 400);
  CHECK(problem["detail"] == "The id of an actor is a number above 0.");
}

TEST_CASE_METHOD(inspector_fixture, "a view has what is in it", "[inspector]") {
  auto ann = connect("ann", {"tea"});
  CHECK(view({}) == json::parse(R"({"type":"update","serial":0})"));
  view_query all;
  all.picture = true;
  all.list.emplace().kind = "connection";
  all.actor = ann.id();
  all.serial = 7;
  auto shown = view(all);
  CHECK(shown["serial"] == 7);
  CHECK(shown["picture"]["threads"].size() == 1);
  CHECK(shown["list"]["total"] == 1);
  CHECK(shown["actor"]["id"] == ann.id());
  view_query gone;
  gone.actor = 999999;
  CHECK(view(gone)["actor"] == json::parse(R"({"id":999999,"gone":true})"));
}

namespace {

/// A second thread whose watch never answers.
struct silent_fixture : inspector_fixture {
  silent_fixture() {
    mute = caf::actor_cast<watch_actor>(
      spawn_function([](caf::event_based_actor* self, int) {
        self->set_default_handler(caf::skip);
        return caf::behavior{[](caf::unit_t) {}};
      }));
    adopt(mute);
    inspector = spawn<inspector_state>(inspector_options{&env, {watch, mute}});
  }

  nlohmann::json late(std::string target) {
    auto reply = std::make_shared<stub_answerer>();
    tell(inspector, debug_request{std::move(target), reply});
    CHECK(reply->last.status == 0);
    for (auto i = 0; i < 4; ++i)
      advance(admin_patience);
    REQUIRE(reply->last.status == 200);
    return nlohmann::json::parse(reply->last.body);
  }

  watch_actor mute;
};

} // namespace

TEST_CASE_METHOD(silent_fixture, "a thread that hangs is shown, not waited for",
                 "[inspector]") {
  auto threads = late("/debug/overview")["threads"];
  REQUIRE(threads.size() == 2);
  CHECK(threads[0]["silent"] == false);
  CHECK(threads[1]["silent"] == true);
  CHECK(threads[1]["thread"] == 1);
  auto list = late("/debug/actors?kind=directory");
  CHECK(list["complete"] == false);
  CHECK(list["total"] == 1);
  auto shown = late("/debug/actors/" + std::to_string(core.directory.id()));
  CHECK(shown["state"]["rooms"] == 0);
}
