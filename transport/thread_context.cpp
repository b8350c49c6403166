// SPDX-License-Identifier: MIT
#include "transport/thread_context.hpp"

#include "telemetry/log.hpp"
#include "transport/http_session.hpp"
#include "transport/ws_session.hpp"

#include <algorithm>
#include <utility>

namespace parlor::transport {

namespace {

constexpr std::chrono::milliseconds tick_length{100};

/// A thread that is later than this was stopped, or has lost its processor: by
/// that no client is to be judged.
constexpr std::chrono::seconds late_tick{1};

} // namespace

thread_context::thread_context(asio::io_context& loop_, uint8_t index_,
                               const io_options& options_,
                               thread_counts& counts_)
  : loop{loop_},
    index{index_},
    options{options_},
    counts{counts_},
    ready{loop_},
    clients{loop_},
    strangers{loop_},
    deflates{options_.compression ? std::make_unique<deflater>() : nullptr},
    inflates{options_.compression ? std::make_unique<inflater>() : nullptr},
    sockets{index_, options_.first_generation},
    requests{index_},
    answers{std::make_shared<return_path>()},
    timer_{loop_},
    began_{clock::now()} {
  answers->context = this;
  now.limit(options.outboxes_bytes, [this] { relieve(); });
}

thread_context::~thread_context() {
  destroy_ended();
  std::lock_guard lock{answers->guard};
  answers->context = nullptr;
}

stream thread_context::stream_on(descriptor socket) {
  if (!options.tls)
    return stream{std::move(socket)};
  if (!scratch)
    scratch = std::make_unique<tls_scratch>();
  auto tls = std::make_unique<tls_channel>(*options.tls, *scratch,
                                           socket.get());
  return stream{std::move(socket), std::move(tls)};
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

void thread_context::bury(std::unique_ptr<poll_target> who) noexcept {
  if (!who)
    return;
  if (who->is_linked())
    who->unlink();
  ended.push_back(*who.release());
}

void thread_context::destroy_ended() noexcept {
  while (!ended.empty())
    delete &ended.front();
}

void thread_context::end_of_turn(bool behind) noexcept {
  now.flush();
  destroy_ended();
  clients.end_of_turn();
  strangers.end_of_turn(behind);
}

void thread_context::relieve() {
  // Some more than must be, so that not every frame looks for somebody.
  auto goal = options.outboxes_bytes - options.outboxes_bytes / 8;
  std::vector<ws_session*> slow;
  sockets.for_each([&](auto& x) {
    if (x->held() > 0)
      slow.push_back(x.get());
  });
  std::sort(slow.begin(), slow.end(), [](auto* x, auto* y) {
    return std::pair{x->closes(), x->held()}
           > std::pair{y->closes(), y->held()};
  });
  size_t closed = 0;
  for (auto* one : slow) {
    if (now.held() <= goal)
      break;
    one->shed();
    ++closed;
  }
  if (closed > 0)
    log::warn("outboxes are full", {{"closed", closed}});
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

void thread_context::excuse(clock::duration pause) {
  sockets.for_each([&](auto& x) { x->excuse(pause); });
  requests.for_each([&](auto& x) { x->excuse(pause); });
}

void thread_context::on_tick() {
  armed_ = false;
  if (auto late = clock::now() - timer_.expiry(); late > late_tick)
    excuse(late);
  auto now_tick = static_cast<timer_wheel::tick>((clock::now() - began_)
                                                 / tick_length);
  socket_wheel.advance(now_tick, [this](const timer_wheel::visit& x) {
    if (auto* found = sockets.find(x.who))
      (*found)->on_visit(x.due);
  });
  request_wheel.advance(now_tick, [this](const timer_wheel::visit& x) {
    if (auto* found = requests.find(x.who))
      (*found)->on_visit(x.due);
  });
  if (sockets.size() + requests.size() > 0)
    arm();
}

} // namespace parlor::transport
