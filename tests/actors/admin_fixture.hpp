// SPDX-License-Identifier: MIT
#pragma once

#include "actors/admin.hpp"
#include "tests/actors/whole_fixture.hpp"
#include "tests/support/catch.hpp"

namespace parlor::test {

/// Writes down what an HTTP request is answered with.
class answer_log final : public api_answerer {
public:
  void answer(api_answer what) override { all.push_back(std::move(what)); }

  std::vector<api_answer> all;
};

/// A whole node whose admin is asked; each request has to be answered once.
struct admin_fixture : whole_fixture {
  /// Asks, and lets nothing happen yet.
  std::shared_ptr<answer_log> ask_soon(const admin_actor& whom, api_call call,
                                       std::string subject = {},
                                       std::string body = {}) {
    auto log = std::make_shared<answer_log>();
    api_request request;
    request.call = call;
    request.subject = std::move(subject);
    request.after = after;
    request.limit = limit;
    request.body = std::move(body);
    request.reply = log;
    caf::anon_send(whom, std::move(request));
    return log;
  }

  api_answer http(api_call call, std::string subject = {},
                  std::string body = {}) {
    auto log = ask_soon(core.admin, call, std::move(subject), std::move(body));
    run();
    // What is late may answer, or time out, a second time.
    advance(10 * admin_patience);
    REQUIRE(log->all.size() == 1);
    return log->all[0];
  }

  /// An actor that never answers anything.
  template <class Handle>
  Handle spawn_silent() {
    auto silent = spawn_function([](caf::event_based_actor* self, int) {
      self->set_default_handler(caf::skip);
      return caf::behavior{[](caf::unit_t) {}};
    });
    adopt(silent);
    run();
    return caf::actor_cast<Handle>(silent);
  }

  /// An admin of its own, that asks these.
  admin_actor admin_of(directory_actor directory, registry_actor registry,
                       std::vector<lane_actor> lanes = {}) {
    return spawn<admin_state>(admin_options{
      &env, std::move(directory), std::move(registry), std::move(lanes)});
  }

  std::string after;
  uint64_t limit = default_page;
};

inline bool is_problem(const api_answer& x, unsigned status) {
  return x.status == status
         && has(x.body, R"("status":)" + std::to_string(status));
}

} // namespace parlor::test
