// SPDX-License-Identifier: MIT
#include "inspection/host.hpp"

#include "inspection/inspect_pages.hpp"
#include "inspection/inspector.hpp"
#include "inspection/viewer.hpp"
#include "inspection/watch.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parlor::inspection {

namespace {

class running final : public host {
public:
  running(caf::actor_system& sys, const environment& env) {
    for (auto& place : env.threads)
      watches_.push_back(spawn_pinned<watch_state>(
        sys, place.loop, place.loop, static_cast<uint32_t>(watches_.size())));
    watches_.push_back(
      spawn_pinned<watch_state>(sys, nullptr, nullptr, std::nullopt));
    inspector_ = spawn_pinned<inspector_state>(
      sys, nullptr, inspector_options{&env, watches_});
    port_ = std::make_shared<const transport::inspection_port>(
      transport::inspection_port{
        inspect_pages(),
        [asked = inspector_](std::string target,
                             std::shared_ptr<api_answerer> reply) {
          caf::anon_send(asked,
                         debug_request{std::move(target), std::move(reply)});
        },
        [&sys, &env, asked = inspector_](const handshake& hello) {
          auto& place = env.place_of(hello.id);
          return spawn_pinned<viewer_state>(
            sys, place.loop,
            viewer_options{env.limits, asked, place.sockets, hello});
        }});
  }

  std::shared_ptr<const transport::inspection_port> port() const override {
    return port_;
  }

  void end() override {
    caf::anon_send_exit(inspector_, caf::exit_reason::user_shutdown);
    for (auto& one : watches_)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  }

private:
  std::vector<watch_actor> watches_;
  inspector_actor inspector_;
  std::shared_ptr<const transport::inspection_port> port_;
};

} // namespace

std::unique_ptr<host> start(caf::actor_system& sys, const environment& env) {
  return std::make_unique<running>(sys, env);
}

} // namespace parlor::inspection
