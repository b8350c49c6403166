// SPDX-License-Identifier: MIT
#pragma once

#include "actors/connection.hpp"
#include "actors/node.hpp"
#include "inspection/inspector.hpp"
#include "inspection/watch.hpp"
#include "tests/support/actor_fixture.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parlor::test {

/// Writes down what an HTTP request is answered with.
struct stub_answerer final : api_answerer {
  api_answer last{0, ""};

  void answer(api_answer what) override { last = std::move(what); }
};

/// A node whose actors, all on one thread, are watched from the first on.
struct watched_fixture : actor_fixture {
  watched_fixture() {
    watch = spawn<inspection::watch_state>(nullptr, 0u);
    inspector = spawn<inspection::inspector_state>(
      inspection::inspector_options{&env, {watch}});
    core = spawn_core(system, env);
    adopt(core.directory);
    adopt(core.registry);
    adopt(core.admin);
    run();
  }

  connection_actor connect(const char* user, std::vector<const char*> rooms) {
    handshake hello;
    hello.id = id_of(0, ++connected);
    hello.user = user_id{user};
    for (auto one : rooms)
      hello.rooms.emplace_back(one);
    auto result = spawn_connection(system, env, core, hello);
    adopt(result);
    run();
    return result;
  }

  inspection::watch_state& seen() {
    return state_of<inspection::watch_state>(watch);
  }

  /// What a GET of this target below /debug is answered with.
  api_answer get(std::string target) {
    auto reply = std::make_shared<stub_answerer>();
    tell(inspector, debug_request{std::move(target), reply});
    return reply->last;
  }

  nlohmann::json shown(std::string target) {
    return nlohmann::json::parse(get(std::move(target)).body);
  }

  watch_actor watch;
  inspector_actor inspector;
  core_actors core;
  uint32_t connected = 0;
};

} // namespace parlor::test
