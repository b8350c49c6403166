// SPDX-License-Identifier: MIT
#include "cluster/links/caf_links.hpp"

#include "cluster/limits.hpp"
#include "cluster/links/root.hpp"
#include "cluster/links/root_line.hpp"
#include "cluster/links/stream.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>

#include <cerrno>
#include <csignal>
#include <future>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

namespace parlor::cluster {

namespace {

/// Nobody listens there: what CAF calls a port is only a key of its tables.
constexpr uint16_t published_port = 1;

/// What CAF opens at its start: an epoll, and both ends of a pipe.
constexpr size_t descriptors_of_caf = 3;

/// CAF ends the process, at times without a word, where its multiplexer gets no
/// descriptor: an exception has a reason.
void need_descriptors() {
  std::vector<int> taken;
  auto failed = false;
  while (!failed && taken.size() < descriptors_of_caf) {
    taken.push_back(::eventfd(0, EFD_CLOEXEC));
    failed = taken.back() < 0;
  }
  std::error_code why{errno, std::generic_category()};
  for (auto one : taken)
    if (one >= 0)
      ::close(one);
  if (failed)
    throw std::system_error{why, "descriptors for links to nodes"};
}

struct configuration : caf::actor_system_config {
  configuration() {
    need_descriptors();
    add_message_types<caf::id_block::parlor_wire>();
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{1});
    set("middleman.heartbeat-interval", caf::timespan{heartbeat_interval});
    set("middleman.connection-timeout", caf::timespan{heartbeat_timeout});
    set("middleman.enable-automatic-connections", false);
    // BASP's workers would deserialize in another order than frames came.
    set("middleman.workers", size_t{0});
  }
};

/// Asks the broker to shake hands over a connection that was dialed, and tells
/// the root. One for each.
caf::behavior introduce(caf::event_based_actor* self, const caf::actor& broker,
                        const caf::io::scribe_ptr& through, node_id who,
                        std::shared_ptr<root_line> line) {
  self
    ->request(broker, opening_patience, caf::connect_atom::value, through,
              published_port)
    .then(
      [=](caf::node_id&, caf::strong_actor_ptr& found, std::set<std::string>&) {
        line->send(reached{who, caf::actor_cast<caf::actor>(found),
                           found ? "" : "no root is there"});
      },
      [=](caf::error& why) {
        line->send(reached{who, nullptr, self->system().render(why)});
      });
  return {};
}

} // namespace

struct caf_links::state {
  /// The root calls the gate, and the gate calls the system: they end in that
  /// order.
  ~state() {
    line->send(hang_up{});
    ended.get_future().wait();
    line->cut();
    door.reset();
  }

  caf::actor broker() {
    return system.middleman().named_broker<caf::io::basp_broker>(
      caf::atom("BASP"));
  }

  void accept(trusted_socket& from) {
    caf::anon_send(broker(), caf::publish_atom::value,
                   make_scribe(system, from), published_port,
                   caf::actor_cast<caf::strong_actor_ptr>(published),
                   system.message_types<wire_actor>());
  }

  void reach(const node_id& who, const address& at) {
    door->dial(at, [this, who](const trusted_socket_ptr& socket,
                               const std::string& why) {
      if (!socket)
        line->send(reached{who, nullptr, why});
      else
        system.spawn(introduce, broker(), make_scribe(system, *socket), who,
                     line);
    });
  }

  configuration config;
  caf::actor_system system{config};
  std::shared_ptr<root_line> line = std::make_shared<root_line>();
  wire_actor published;
  std::promise<void> ended;
  std::unique_ptr<gate> door;
};

std::variant<std::unique_ptr<caf_links>, std::string>
caf_links::make(node_id self, const gate_options& options,
                link_listener& listener, unlinked tell) {
  // OpenSSL writes to a socket as to a file: one that is gone would end the
  // process.
  std::signal(SIGPIPE, SIG_IGN);
  auto all = std::make_unique<state>();
  auto* x = all.get();
  root_options with;
  with.self = std::move(self);
  with.listener = &listener;
  with.line = x->line;
  with.dial = [x](const node_id& who, const address& at) { x->reach(who, at); };
  with.probe = [x](const member& who, const address& at) {
    x->door->probe(at, [line = x->line, who](bool refuses) {
      line->send(probed{who, refuses});
    });
  };
  with.unlinked = std::move(tell);
  with.ended = [x] { x->ended.set_value(); };
  root_actor made = x->system.spawn<root>(std::move(with));
  x->line->connect(made);
  x->published = made;
  auto opened = gate::open(
    options, [x](const trusted_socket_ptr& from) { x->accept(*from); });
  if (auto* problem = std::get_if<std::string>(&opened))
    return *problem;
  x->door = std::get<0>(std::move(opened));
  return std::unique_ptr<caf_links>{new caf_links{std::move(all)}};
}

caf_links::caf_links(std::unique_ptr<state> all) : state_{std::move(all)} {}

caf_links::~caf_links() = default;

void caf_links::hold(const view& now) {
  state_->line->send(hold_links{now});
}

uint16_t caf_links::port() const noexcept {
  return state_->door->port();
}

} // namespace parlor::cluster
