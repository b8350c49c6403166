// SPDX-License-Identifier: MIT
#include "transport/thread_context.hpp"

#include "transport/http_session.hpp"
#include "transport/ws_session.hpp"

#include <algorithm>

namespace parlor::transport {

namespace {

constexpr std::chrono::milliseconds tick_length{100};

template <class Table>
void turn_wheel(timer_wheel& wheel, timer_wheel::tick now, Table& table) {
  wheel.advance(now, [&](const timer_wheel::visit& x) {
    if (auto* found = table.find(x.who)) {
      // A visit may end the session, which leaves the table then.
      auto session = *found;
      session->on_visit(x.due);
    }
  });
}

} // namespace

thread_context::thread_context(asio::io_context& loop_, uint8_t index_,
                               const io_options& options_)
  : loop{loop_},
    index{index_},
    options{options_},
    sockets{index_},
    requests{index_},
    answers{std::make_shared<return_path>()},
    timer_{loop_},
    began_{clock::now()} {
  answers->context = this;
}

thread_context::~thread_context() {
  {
    std::lock_guard lock{answers->guard};
    answers->context = nullptr;
  }
  // Their handlers stay in the io_context, but do nothing without a stream.
  sockets.for_each([this](auto& x) { ended.push_back(x); });
  for (auto& x : ended)
    x->let_go();
}

void thread_context::visit(connection_id who, appointment& when,
                           clock::time_point due) {
  auto at = tick_of(due);
  if (when.advance_to(at))
    socket_wheel.schedule(who, at);
  arm();
}

void thread_context::visit_request(connection_id who, appointment& when,
                                   clock::time_point due) {
  auto at = tick_of(due);
  if (when.advance_to(at))
    request_wheel.schedule(who, at);
  arm();
}

void thread_context::end_of_turn() noexcept {
  now.flush();
  if (ended.empty())
    return;
  // Letting go may end others' handlers, but adds nobody: they have left.
  for (auto& x : ended)
    x->let_go();
  ended.clear();
}

timer_wheel::tick thread_context::tick_of(clock::time_point when) const {
  auto since = std::max(when - began_, clock::duration::zero());
  return static_cast<timer_wheel::tick>(since / tick_length) + 1;
}

void thread_context::arm() {
  if (armed_)
    return;
  armed_ = true;
  timer_.expires_after(tick_length);
  timer_.async_wait([this](error_code err) {
    if (!err)
      on_tick();
  });
}

void thread_context::on_tick() {
  armed_ = false;
  auto now_tick = static_cast<timer_wheel::tick>((clock::now() - began_)
                                                 / tick_length);
  turn_wheel(socket_wheel, now_tick, sockets);
  turn_wheel(request_wheel, now_tick, requests);
  if (sockets.size() + requests.size() > 0)
    arm();
}

} // namespace parlor::transport
