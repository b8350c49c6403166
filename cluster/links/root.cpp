// SPDX-License-Identifier: MIT
#include "cluster/links/root.hpp"

#include "cluster/limits.hpp"
#include "cluster/links/remote_link.hpp"
#include "cluster/links/root_line.hpp"
#include "telemetry/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <exception>
#include <random>
#include <utility>

namespace parlor::cluster {

namespace {

/// Sessions of one process are counted; where they begin is by chance, so that
/// what was meant for a process of before hits nothing.
uint64_t some_session() {
  std::random_device chance;
  return uint64_t{chance()} << 32;
}

caf::actor_config& hosted(caf::actor_config& cfg, caf::execution_unit* home) {
  if (home != nullptr)
    cfg.host = home;
  return cfg;
}

std::string shortened(std::string_view why) {
  return std::string{why.substr(0, max_reason_bytes)};
}

} // namespace

root::root(caf::actor_config& cfg, root_options options)
  : root_actor::base{hosted(cfg, options.home)},
    home_{options.home},
    options_{std::move(options)},
    guests_{options_.self},
    last_session_{some_session()} {
  set_exception_handler([](std::exception_ptr&) -> caf::error {
    // A node that cannot hear the others must not go on.
    std::terminate();
  });
  set_down_handler([this](caf::down_msg& x) { handle_down(x); });
  // Only hang_up ends it; but CAF lets nobody refuse a kill.
  set_exit_handler([](caf::exit_msg&) {});
}

root::behavior_type root::make_behavior() {
  delayed_send(this, redial_pause, dial_again{});
  return {
    [this](link_open& x) { handle(x); },
    [this](link_opened& x) { handle(x); },
    [this](link_frame& x) { handle(x); },
    [this](const link_ack& x) { handle(x); },
    [this](const link_bye& x) { handle(x); },
    [this](const link_piece& x) { handle(x); },
    [this](const hold_links& x) { handle(x); },
    [this](reached& x) { handle(x); },
    [this](const look_again& x) { handle(x); },
    [this](const taken_up_to& x) { handle(x); },
    [this](const probed& x) { handle(x); },
    [this](const dial_again& x) { handle(x); },
    [this](const hang_up& x) { handle(x); },
  };
}

void root::enqueue(caf::mailbox_element_ptr what, caf::execution_unit* host) {
  root_actor::base::enqueue(std::move(what), home_ != nullptr ? home_ : host);
}

void root::launch(caf::execution_unit* host, bool lazy, bool hide) {
  root_actor::base::launch(home_ != nullptr ? home_ : host, lazy, hide);
}

caf::resumable::subtype_t root::subtype() const {
  return home_ != nullptr ? caf::resumable::io_actor
                          : caf::resumable::scheduled_actor;
}

void root::on_exit() {
  // As with a failure: a node that cannot hear the others must not go on.
  if (!hung_up_)
    std::terminate();
  connections_.clear();
  auto ended = std::exchange(options_, {}).ended;
  ended();
}

void root::handle(const hold_links& x) {
  if (guests_.update(x.now))
    end_all("this node begins anew");
  for (auto i = connections_.begin(); i != connections_.end();) {
    auto which = i++;
    auto& link = which->second.link;
    if (link)
      if (auto why = guests_.objection(which->first, link->stay());
          !why.empty())
        end(which, why, true);
  }
  dial_all();
}

void root::handle(const dial_again& x) {
  dial_all();
  delayed_send(this, redial_pause, x);
}

/// Dials those whom no one has reached, and gives up what takes too long.
void root::dial_all() {
  auto now = time();
  for (auto i = connections_.begin(); i != connections_.end();) {
    auto which = i++;
    if (!which->second.link && now - which->second.since > opening_patience)
      end(which, "no answer", true);
  }
  for (const auto& x : guests_.to_dial()) {
    auto at = parse_address(x.address);
    if (!at || connections_.count(x.id) > 0 || dialing_.count(x.id) > 0)
      continue;
    dialing_.emplace(x.id, now);
    options_.dial(x.id, *at);
  }
  note_absences(now);
}

/// Says which members cannot be linked to, and why as far as it is known here: the
/// other side knows the rest.
void root::note_absences(clock::time_point now) {
  auto is_linked = [this](const node_id& who) {
    auto at = connections_.find(who);
    return at != connections_.end() && at->second.link;
  };
  auto changed = false;
  std::erase_if(absences_, [&](const auto& x) {
    auto over = !guests_.is_in() || !guests_.find(x.first)
                || is_linked(x.first);
    changed = changed || (over && !x.second.said.empty());
    return over;
  });
  for (const auto& x : guests_.others()) {
    if (is_linked(x.id))
      continue;
    auto& one = absences_.try_emplace(x.id, absence{now, {}, {}}).first->second;
    if (now - one.since < link_patience)
      continue;
    auto why = !one.why.empty()        ? one.why
               : x.id < guests_.self() ? "no answer"
                                       : "it does not connect to this node";
    if (one.said == why)
      continue;
    one.said = why;
    changed = true;
    log::error("node cannot be linked", {{"node", x.id.str()}, {"why", why}});
  }
  if (!changed || !options_.unlinked)
    return;
  unlinked_members all;
  for (const auto& [id, one] : absences_)
    if (!one.said.empty())
      all.emplace(id, one.said);
  options_.unlinked(all);
}

void root::miss(const node_id& who, std::string_view why) {
  if (auto at = absences_.find(who); at != absences_.end())
    at->second.why = shortened(why);
}

void root::handle(reached& x) {
  dialing_.erase(x.who);
  if (!x.root) {
    log::debug("node not reached", {{"node", x.who.str()}, {"why", x.why}});
    miss(x.who, x.why);
    return;
  }
  if (!guests_.is_in() || !guests_.find(x.who) || connections_.count(x.who) > 0)
    return;
  auto& one = connections_[x.who];
  one.session = ++last_session_;
  one.peer = x.root;
  one.since = time();
  monitor(one.peer);
  tell(one.peer,
       link_open{wire_version, one.session, guests_.self().str(),
                 guests_.stay().value(), caf::actor_cast<caf::actor>(this)});
}

void root::handle(link_open& x) {
  node_id who{x.node};
  incarnation stay{x.incarnation};
  auto why = guests_.objection(who, stay);
  if (x.version == 0)
    why = "that is no version";
  else if (why.empty() && who < guests_.self())
    why = "of two nodes the one with the higher id dials";
  if (!x.from)
    return;
  if (!why.empty()) {
    tell(x.from, link_bye{x.session, std::string{why}});
    return;
  }
  if (auto old = connections_.find(who); old != connections_.end())
    end(old, "another link takes its place", false);
  auto& one = connections_[who];
  one.session = ++last_session_;
  one.theirs = x.session;
  one.peer = std::move(x.from);
  one.since = time();
  monitor(one.peer);
  tell(one.peer, link_opened{one.theirs, wire_version, one.session,
                             guests_.self().str(), guests_.stay().value()});
  bring_up(who, one, stay, x.version);
}

void root::handle(link_opened& x) {
  auto which = find(x.session);
  if (which == connections_.end() || which->second.link)
    return;
  auto& [who, one] = *which;
  one.theirs = x.answer_to;
  incarnation stay{x.incarnation};
  auto why = guests_.objection(who, stay);
  if (x.version == 0)
    why = "that is no version";
  else if (x.node != who.str())
    why = "another node listens at that address";
  if (!why.empty())
    end(which, why, true);
  else
    bring_up(who, one, stay, x.version);
}

void root::bring_up(const node_id& who, connection& x, incarnation stay,
                    uint32_t version) {
  x.link = std::make_shared<remote_link>(
    who, stay, std::min(version, wire_version), x.session, options_.line);
  log::info("link up", {{"node", who.str()}, {"incarnation", stay.value()}});
  options_.listener->on_up(x.link);
}

/// Counts a frame or a piece; the end of all where it is not to be taken.
root::connections::iterator root::count(uint64_t session, uint64_t number) {
  auto which = find(session);
  if (which == connections_.end() || !which->second.link)
    return connections_.end();
  auto& one = which->second;
  std::string_view wrong;
  if (number != one.received + 1)
    wrong = "a frame is missing";
  else if (number - one.taken > link_window)
    wrong = "more frames than the window has";
  if (!wrong.empty()) {
    end(which, wrong, true);
    return connections_.end();
  }
  one.received = number;
  return which;
}

void root::handle(link_frame& x) {
  auto which = count(x.session, x.number);
  if (which == connections_.end())
    return;
  auto& one = which->second;
  if (one.left > 0)
    end(which, "a piece is missing", true);
  else
    options_.listener->on_frame(one.link, x.number, std::move(x.content));
}

void root::handle(const link_piece& x) {
  auto which = count(x.session, x.number);
  if (which == connections_.end())
    return;
  auto& one = which->second;
  auto is_first = one.left == 0;
  auto fits = !x.content.empty() && x.content.size() <= largest_envelope
              && x.left <= largest_envelope - x.content.size()
              && (is_first || x.content.size() + x.left == one.left);
  if (!fits) {
    end(which, "pieces do not fit", true);
    return;
  }
  if (is_first)
    one.first_piece = x.number;
  one.pieces += x.content;
  one.left = x.left;
  if (one.left > 0)
    return take(one, one.taken);
  envelope whole{x.version, std::make_shared<const std::string>(
                              std::exchange(one.pieces, {}))};
  options_.listener->on_frame(one.link, x.number, {std::move(whole)});
}

void root::handle(const taken_up_to& x) {
  auto which = find(x.session);
  if (which == connections_.end())
    return;
  auto& one = which->second;
  if (x.frame > one.taken && x.frame <= one.received)
    take(one, x.frame);
}

/// The owner has taken all up to that frame: so are pieces that follow it, which
/// wait here for the last of theirs.
void root::take(connection& x, uint64_t frame) {
  if (x.left > 0 && frame + 1 >= x.first_piece)
    frame = x.received;
  if (frame == x.taken)
    return;
  x.taken = frame;
  if (frame - x.told < frames_per_ack)
    return;
  x.told = frame;
  tell(x.peer, link_ack{x.theirs, frame});
}

void root::handle(const link_ack& x) {
  auto which = find(x.session);
  if (which == connections_.end() || !which->second.link)
    return;
  if (!which->second.link->waiting().acknowledge(x.number))
    end(which, "a frame was taken that was not sent", true);
  else
    flush(which->second);
}

void root::handle(const look_again& x) {
  auto which = find(x.session);
  if (which != connections_.end() && which->second.link)
    flush(which->second);
}

void root::flush(connection& x) {
  while (auto next = x.link->waiting().next()) {
    if (next->left) {
      auto& part = next->content.front();
      tell(x.peer, link_piece{x.theirs, next->number, part.version, *part.body,
                              *next->left});
    } else {
      tell(x.peer,
           link_frame{x.theirs, next->number, std::move(next->content)});
    }
  }
}

void root::handle(const link_bye& x) {
  if (auto which = find(x.session); which != connections_.end())
    end(which, "the peer says: " + shortened(x.why), false);
}

void root::handle_down(const caf::down_msg& x) {
  for (auto i = connections_.begin(); i != connections_.end();) {
    auto which = i++;
    if (caf::actor_cast<caf::actor_addr>(which->second.peer) != x.source)
      continue;
    auto* known = guests_.find(which->first);
    auto was = which->second.link ? which->second.link->stay() : incarnation{};
    auto lost = which->second.link && known && known->incarnation == was
                  ? *known
                  : member{};
    end(which, "the connection is lost", false);
    if (auto at = parse_address(lost.address))
      options_.probe(lost, *at);
  }
}

void root::handle(const probed& x) {
  // It may be back by now.
  if (x.refuses && connections_.count(x.who.id) == 0)
    options_.listener->on_dead(x.who);
}

void root::handle(const hang_up&) {
  end_all("this node stops");
  hung_up_ = true;
  quit();
}

void root::end(connections::iterator which, std::string_view why,
               bool tell_it) {
  auto who = which->first;
  auto gone = std::move(which->second);
  connections_.erase(which);
  demonitor(gone.peer);
  if (tell_it && gone.theirs != 0)
    tell(gone.peer, link_bye{gone.theirs, std::string{why}});
  if (!gone.link) {
    log::debug("no link", {{"node", who.str()}, {"why", why}});
    miss(who, why);
    return;
  }
  gone.link->waiting().close();
  log::info("link down", {{"node", who.str()}, {"why", why}});
  options_.listener->on_down(gone.link, why);
}

void root::end_all(std::string_view why) {
  while (!connections_.empty())
    end(connections_.begin(), why, true);
}

root::clock::time_point root::time() {
  return home_system().clock().now();
}

root::connections::iterator root::find(uint64_t session) {
  return std::find_if(
    connections_.begin(), connections_.end(),
    [=](const auto& x) { return x.second.session == session; });
}

template <class T>
void root::tell(const caf::actor& peer, T what) {
  // With a sender, CAF would keep that in its registry.
  caf::anon_send(peer, std::move(what));
}

} // namespace parlor::cluster
