// SPDX-License-Identifier: MIT
#include "transport/io_thread.hpp"

#include "transport/http_session.hpp"
#include "transport/listener.hpp"
#include "transport/thread_context.hpp"
#include "transport/ws_session.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace parlor::transport {

io_thread::io_thread(boost::asio::io_context& loop, uint8_t index,
                     const io_options& options)
  : context_{std::make_unique<thread_context>(loop, index, options, counts_)},
    listener_{std::make_unique<listener>(
      loop, context_->ready, context_->strangers,
      [this](descriptor socket, const tcp::endpoint& from) {
        http_session::start(*context_, context_->stream_on(std::move(socket)),
                            from.address(), serves_);
      })},
    admin_listener_{std::make_unique<listener>(
      loop, context_->ready, context_->strangers,
      [this](descriptor socket, const tcp::endpoint& from) {
        http_session::start(*context_, context_->stream_on(std::move(socket)),
                            from.address(), audience::administrators);
      })} {}

io_thread::~io_thread() = default;

void io_thread::adopt(const io_options& options) {
  context_->options = options;
}

void io_thread::attach(callbacks where) {
  context_->calls = std::move(where);
}

boost::system::error_code io_thread::claim(const std::string& host,
                                           uint16_t port) {
  return listener::claim(host, port);
}

boost::system::error_code io_thread::listen(const std::string& host,
                                            uint16_t port, audience whom) {
  if (whom == audience::administrators)
    return admin_listener_->listen(host, port);
  serves_ = whom;
  return listener_->listen(host, port);
}

uint16_t io_thread::port(audience whom) const noexcept {
  return whom == audience::administrators ? admin_listener_->port()
                                          : listener_->port();
}

void io_thread::stop_listening() {
  listener_->stop();
  context_->closing = true;
  context_->sockets.for_each([](auto& session) { session->turn_away(); });
}

void io_thread::abort() {
  listener_->stop();
  admin_listener_->stop();
  // Who ends leaves its table, and lives to the end of the turn.
  context_->sockets.for_each([](auto& session) { session->abort(); });
  context_->requests.for_each([](auto& session) { session->abort(); });
}

void io_thread::end_of_turn(bool behind) noexcept {
  context_->end_of_turn(behind);
}

size_t io_thread::open_sockets() const noexcept {
  return context_->sockets.size();
}

uint64_t io_thread::sends() const noexcept {
  return context_->now.sends();
}

uint64_t io_thread::compressions() const noexcept {
  return context_->deflates ? context_->deflates->runs() : 0;
}

unsigned io_thread::accept_failures() const noexcept {
  return listener_->failures();
}

// -- outboxes -----------------------------------------------------------------

void io_thread::send(connection_id to, const frame& what) {
  send(std::span{&to, 1}, what);
}

template <class Predicate>
void io_thread::send_where(std::span<const connection_id> to, const frame& what,
                           Predicate fits) {
  if (what.empty() || to.empty())
    return;
  both_forms forms{context_->now, context_->deflates.get(), what,
                   to.size() > 1 ? deflater::least : deflater::least_for_one};
  auto& now = context_->now;
  auto& sockets = context_->sockets;
  auto refused = now.drops(drop::closing);
  size_t gone = 0;
  size_t unfit = 0;
  for (auto id : to)
    if (auto* found = sockets.find(id); !found)
      ++gone;
    else if (!fits(**found))
      ++unfit;
    else
      (*found)->push(forms);
  now.count_drop(drop::gone, gone);
  now.count_drop(drop::lagging, unfit);
  counts_.sent[index_of(what.kind())] += to.size() - gone - unfit
                                         - (now.drops(drop::closing) - refused);
}

void io_thread::send(std::span<const connection_id> to, const frame& what) {
  send_where(to, what, [](auto&) { return true; });
}

void io_thread::answer(connection_id to, std::span<const frame> what) {
  // One by one: what the kernel takes meanwhile takes its room along.
  for (auto& one : what) {
    if (auto* found = context_->sockets.find(to))
      (*found)->grant(one.bytes().size());
    send(to, one);
  }
}

void io_thread::send_admitted(connection_id to, const frame& what) {
  auto* found = context_->sockets.find(to);
  if (found != nullptr && (*found)->awaits_admission())
    (*found)->keep(what);
  else
    send(to, what);
}

void io_thread::send_fleeting(std::span<const connection_id> to,
                              const frame& what) {
  send_where(to, what, [](auto& session) { return !session.lags(); });
}

void io_thread::send_all(const frames& what,
                         std::span<const connection_id> except) {
  std::vector<connection_id> left_out{except.begin(), except.end()};
  std::sort(left_out.begin(), left_out.end());
  for (auto spoken : all_dialects) {
    auto& said = what[spoken];
    if (said.empty())
      continue;
    both_forms forms{context_->now, context_->deflates.get(), said,
                     deflater::least};
    auto refused = context_->now.drops(drop::closing);
    size_t pushed = 0;
    context_->sockets.for_each([&](auto& x) {
      if (x->speaks() != spoken || !x->admitted()
          || std::binary_search(left_out.begin(), left_out.end(), x->id()))
        return;
      x->push(forms);
      ++pushed;
    });
    refused = context_->now.drops(drop::closing) - refused;
    counts_.sent[index_of(said.kind())] += pushed - refused;
  }
}

void io_thread::hear(connection_id who) {
  auto* found = context_->sockets.find(who);
  if (found == nullptr)
    return;
  (*found)->hear();
  // What it heard may have been its end.
  found = context_->sockets.find(who);
  if (found != nullptr && context_->closing)
    (*found)->turn_away();
}

void io_thread::wake(connection_id who,
                     std::chrono::steady_clock::time_point at) {
  if (auto* found = context_->sockets.find(who))
    (*found)->wake(at);
}

void io_thread::admit(connection_id who) {
  auto* found = context_->sockets.find(who);
  if (found == nullptr)
    return;
  auto kept = (*found)->take_kept();
  // It hears what came meanwhile, and that may be its end.
  (*found)->admit();
  for (auto& what : kept)
    send(who, what);
}

void io_thread::served(connection_id who) {
  if (auto* found = context_->sockets.find(who))
    (*found)->served();
}

bool io_thread::may_serve(connection_id who, size_t held, size_t most) {
  auto* found = context_->sockets.find(who);
  return found == nullptr || (*found)->may_serve(held, most);
}

void io_thread::all_served(connection_id who) {
  if (auto* found = context_->sockets.find(who))
    (*found)->all_served();
}

void io_thread::close(connection_id who, close_code code,
                      std::string_view reason) {
  if (auto* found = context_->sockets.find(who))
    (*found)->close(code, reason);
}

socket_vitals io_thread::vitals(connection_id who) const {
  auto* found = context_->sockets.find(who);
  return found ? (*found)->vitals() : socket_vitals{};
}

void io_thread::time_fanout(std::chrono::steady_clock::time_point said) {
  context_->now.time_fanout(said);
}

thread_counts io_thread::snapshot() const {
  auto result = counts_;
  result.add(context_->now.counts());
  result.outbox_bytes = context_->now.held();
  return result;
}

} // namespace parlor::transport
