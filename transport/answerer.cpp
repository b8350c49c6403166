// SPDX-License-Identifier: MIT
#include "transport/answerer.hpp"

#include "messages/limits.hpp"
#include "messages/wire/api.hpp"
#include "telemetry/log.hpp"
#include "transport/http_session.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace parlor::transport {

answerer::answerer(std::shared_ptr<return_path> way, connection_id who,
                   uint64_t serial)
  : way_{std::move(way)}, who_{who}, serial_{serial} {}

answerer::~answerer() {
  if (answered_)
    return;
  try {
    answer(wire::problem(500, "The request was dropped."));
  } catch (const std::exception& e) {
    // The session gives up when its time is over.
    log::error("http answer was lost", {{"problem", e.what()}});
  }
}

void answerer::answer(api_answer what) {
  if (answered_.exchange(true))
    return;
  std::lock_guard lock{way_->guard};
  if (!way_->context)
    return;
  asio::post(way_->context->loop, [way = way_, who = who_, serial = serial_,
                                   what = std::move(what)]() mutable {
    // Its thread alone lets a context go.
    if (auto* context = way->context)
      if (auto* found = context->requests.find(who))
        (*found)->on_answer(serial, std::move(what));
  });
}

void answer_without_admin(asio::io_context& loop, api_call asked,
                          const std::shared_ptr<answerer>& reply) {
  if (asked != api_call::health_live && asked != api_call::health_ready
      && asked != api_call::metrics)
    return;
  auto wait = std::make_shared<timer>(loop, health_patience);
  wait->async_wait([wait, asked, weak = std::weak_ptr{reply}](error_code err) {
    auto still = weak.lock();
    if (err || !still)
      return;
    if (asked == api_call::health_live)
      still->answer({200, wire::render_live()});
    else
      still->answer(wire::problem(503, "An I/O thread does not turn"));
  });
}

} // namespace parlor::transport
