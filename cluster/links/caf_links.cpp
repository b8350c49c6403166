// SPDX-License-Identifier: MIT
#include "cluster/links/caf_links.hpp"

#include "cluster/limits.hpp"
#include "cluster/links/loop_multiplexer.hpp"
#include "cluster/links/loop_scribe.hpp"
#include "cluster/links/root.hpp"
#include "cluster/links/root_line.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/make_counted.hpp>
#include <caf/send.hpp>

#include <csignal>
#include <future>
#include <set>
#include <utility>

namespace parlor::cluster {

namespace {

/// Nobody listens there: what CAF calls a port is only a key of its tables.
constexpr uint16_t published_port = 1;

struct configuration : caf::actor_system_config {
  configuration() {
    add_message_types<caf::id_block::parlor_wire>();
    load<caf::io::middleman, loop_multiplexer>();
    // The middleman has no thread, and asks for none.
    set("middleman.manual-multiplexing", true);
    set("middleman.attach-utility-actors", true);
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
                        std::shared_ptr<root_line> line,
                        std::shared_ptr<const void> under_way) {
  self->attach_functor([under_way] {});
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
  /// The root calls the gate, the gate calls the system, and that is on the host's
  /// thread: they end in that order.
  ~state() {
    line->send(hang_up{});
    ended.get_future().wait();
    line->cut();
    door.reset();
    published = nullptr;
    loop().leave([this] { return introductions.use_count() > 1; });
  }

  loop_multiplexer& loop() {
    return static_cast<loop_multiplexer&>(system.middleman().backend());
  }

  caf::io::scribe_ptr scribe_of(trusted_socket& from) {
    return caf::make_counted<loop_scribe>(loop(), from);
  }

  caf::actor broker() {
    return system.middleman().named_broker<caf::io::basp_broker>(
      caf::atom("BASP"));
  }

  void accept(trusted_socket& from) {
    caf::anon_send(broker(), caf::publish_atom::value, scribe_of(from),
                   published_port,
                   caf::actor_cast<caf::strong_actor_ptr>(published),
                   system.message_types<wire_actor>());
  }

  void reach(const node_id& who, const address& at) {
    door->dial(at, [this, who](const trusted_socket_ptr& socket,
                               const std::string& why) {
      if (!socket)
        line->send(reached{who, nullptr, why});
      else
        system.spawn(introduce, broker(), scribe_of(*socket), who, line,
                     introductions);
    });
  }

  /// Each that is under way holds it.
  std::shared_ptr<const void> introductions = std::make_shared<char>();
  configuration config;
  caf::actor_system system{config};
  std::shared_ptr<root_line> line = std::make_shared<root_line>();
  wire_actor published;
  std::promise<void> ended;
  std::unique_ptr<gate> door;
};

std::variant<std::unique_ptr<caf_links>, std::string>
caf_links::make(node_id self, const gate_options& options,
                link_listener& listener, loop_host host, unlinked tell) {
  // OpenSSL writes to a socket as to a file: one that is gone would end the
  // process.
  std::signal(SIGPIPE, SIG_IGN);
  auto all = std::make_unique<state>();
  auto* x = all.get();
  x->loop().live_on(std::move(host));
  root_options with;
  with.home = &x->loop();
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
