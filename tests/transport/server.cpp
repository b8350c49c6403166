// SPDX-License-Identifier: MIT
#include "tests/transport/server.hpp"

#include "messages/add_messages.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

namespace parlor::test {

void notes::add_open(const handshake& x) {
  std::lock_guard lock{guard_};
  opened_.push_back(x);
  changed_.notify_all();
}

void notes::add_text(std::string x) {
  std::lock_guard lock{guard_};
  texts_.push_back(std::move(x));
  changed_.notify_all();
}

void notes::add_end(ended x) {
  std::lock_guard lock{guard_};
  ends_.push_back(std::move(x));
  changed_.notify_all();
}

void notes::add_alarm(connection_id x) {
  std::lock_guard lock{guard_};
  alarms_.push_back(x);
  changed_.notify_all();
}

std::vector<handshake> notes::opened() const {
  std::lock_guard lock{guard_};
  return opened_;
}

std::vector<std::string> notes::texts() const {
  std::lock_guard lock{guard_};
  return texts_;
}

std::vector<ended> notes::ends() const {
  std::lock_guard lock{guard_};
  return ends_;
}

std::vector<connection_id> notes::alarms() const {
  std::lock_guard lock{guard_};
  return alarms_;
}

template <class T>
std::vector<T> notes::wait(const std::vector<T>& of, size_t n) const {
  std::unique_lock lock{guard_};
  if (!changed_.wait_for(lock, patience, [&] { return of.size() >= n; }))
    throw disappointment{"the actors were not told in time"};
  return of;
}

std::vector<handshake> notes::wait_opened(size_t n) const {
  return wait(opened_, n);
}

std::vector<std::string> notes::wait_texts(size_t n) const {
  return wait(texts_, n);
}

std::vector<ended> notes::wait_ends(size_t n) const {
  return wait(ends_, n);
}

std::vector<connection_id> notes::wait_alarms(size_t n) const {
  return wait(alarms_, n);
}

server::config::config() {
  add_messages(*this);
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{1});
}

server::server(manners how)
  : how_{std::move(how)},
    sockets_{std::make_unique<transport::io_thread>(loop_, 0, how_.options)} {
  // With an argument: CAF 0.17 dereferences a null pointer where there is none.
  auto admin = system_.spawn(
    [](caf::event_based_actor*, server* self) -> caf::behavior {
      return {[self](api_request& x) {
        if (self->how_.admin)
          self->how_.admin(x);
      }};
    },
    this);
  stubs_.push_back(admin);
  sockets_->attach({[this](const handshake& x) { return open_stub(x); },
                    caf::actor_cast<admin_actor>(admin)});
  if (auto error = sockets_->listen("127.0.0.1", 0))
    throw disappointment{error.message()};
  port_ = sockets_->port();
  thread_ = std::thread{[this] { run(); }};
}

server::~server() {
  boost::asio::post(loop_, [this] { stopped_ = true; });
  thread_.join();
  for (auto& one : stubs_)
    caf::anon_send_exit(one, caf::exit_reason::kill);
  stubs_.clear();
  system_.await_all_actors_done();
  // Before the actor system and the loop, both of which it uses.
  sockets_.reset();
}

void server::run() {
  while (!stopped_) {
    loop_.run_one();
    for (int i = 0; i < 512 && loop_.poll_one() > 0; ++i) {}
    sockets_->end_of_turn();
  }
}

connection_actor server::open_stub(const handshake& hello) {
  auto id = hello.id;
  auto stub = system_.spawn(
    [](caf::event_based_actor*, server* self,
       connection_id who) -> caf::behavior {
      return {[self, who](client_frame& x) { self->take(who, x); },
              [self, who](dismissed& x) {
                boost::asio::post(self->loop_, [self, who, x = std::move(x)] {
                  self->sockets_->close(who, x.code, x.reason);
                });
              },
              [self, who](atom::alarm) { self->seen.add_alarm(who); },
              [self, who](const socket_closed& x) {
                self->seen.add_end({who, x.code, x.reason, x.why});
              }};
    },
    this, id);
  stubs_.push_back(stub);
  if (how_.admits)
    sockets_->admit(id);
  seen.add_open(hello);
  return caf::actor_cast<connection_actor>(stub);
}

void server::take(connection_id who, client_frame& x) {
  seen.add_text(std::move(x.text));
  if (how_.serves)
    boost::asio::post(loop_, [this, who] { sockets_->served(who); });
}

void server::wait_until(const std::function<bool()>& what) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!on_thread(what))
    if (std::chrono::steady_clock::now() > deadline)
      throw disappointment{"it did not come true in time"};
}

void server::wait_idle() {
  wait_until([this] { return sockets_->open_sockets() == 0; });
}

connection_id server::open(client& x, std::string_view target,
                           std::string_view more_headers) {
  auto before = seen.opened().size();
  auto head = x.upgrade(target, more_headers);
  if (!head.starts_with("HTTP/1.1 101 "))
    throw disappointment{head};
  return seen.wait_opened(before + 1).back().id;
}

ended server::only_end() {
  wait_idle();
  // What was sent by now is in the stub's mailbox before this.
  auto result = seen.wait_ends(1);
  on_thread([] {});
  if (seen.ends().size() != 1)
    throw disappointment{"the end was told twice"};
  return result.front();
}

} // namespace parlor::test
