// SPDX-License-Identifier: MIT
#include "cluster/links/root.hpp"

#include "cluster/limits.hpp"
#include "cluster/links/root_line.hpp"
#include "telemetry/log.hpp"
#include "tests/support/captured_stderr.hpp"
#include "tests/support/catch.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace parlor;
using namespace parlor::cluster;

using lines = std::vector<std::string>;

struct config : caf::actor_system_config {
  config() {
    add_message_types<caf::id_block::parlor_wire>();
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// Writes down what the root tells.
struct owner final : link_listener {
  void on_up(const link_ptr& with) override {
    said.push_back("up " + with->peer().str() + ' '
                   + std::to_string(with->stay().value()));
    last = with;
  }

  void on_frame(const link_ptr& from, uint64_t number,
                std::vector<envelope> content) override {
    said.push_back("frame " + from->peer().str() + ' ' + std::to_string(number)
                   + " of " + std::to_string(content.size()));
    if (!content.empty())
      body = *content.back().body;
  }

  void on_down(const link_ptr& with, std::string_view why) override {
    said.push_back("down " + with->peer().str() + ": " + std::string{why});
  }

  void on_dead(const member& who) override {
    said.push_back("dead " + who.id.str());
  }

  lines said;
  link_ptr last;
  /// Of the last envelope.
  std::string body;
};

/// A root, whose peers are the test.
class world {
public:
  world() {
    root_options with;
    with.self = node_id{"m"};
    with.listener = &heard;
    with.line = line;
    with.dial = [this](const node_id& who, const address& at) {
      dialed.push_back(who.str() + ' ' + to_string(at));
    };
    with.probe = [this](const member& who, const address&) {
      probes.push_back(who);
    };
    with.unlinked = [this](const unlinked_members& x) {
      unlinked.push_back(x);
    };
    with.ended = [this] { ended = true; };
    self = system.spawn<root>(std::move(with));
    line->connect(*self);
    run();
  }

  ~world() {
    tell(hang_up{});
    CHECK(ended);
    line->cut();
    self.reset();
    for (auto& one : peers_)
      caf::anon_send_exit(one, caf::exit_reason::kill);
    advance(std::chrono::hours{1});
  }

  world(const world&) = delete;
  world& operator=(const world&) = delete;

  void run() { scheduler().run(); }

  void advance(std::chrono::nanoseconds by) {
    scheduler().advance_time(std::chrono::duration_cast<caf::timespan>(by));
    run();
  }

  /// In steps, as its timer fires.
  void wait(std::chrono::nanoseconds time) {
    for (; time > redial_pause; time -= redial_pause)
      advance(redial_pause);
    advance(time);
  }

  template <class T>
  void tell(T what) {
    caf::anon_send(*self, std::move(what));
    run();
  }

  /// a, m and z are in, at stays 1, 2 and 3.
  void hold(uint64_t mine = 2, uint64_t revision = 3) {
    auto node = [](const char* id, uint64_t stay) {
      return member{node_id{id}, incarnation{stay}, "127.0.0.1:5400", 1,
                    member_state::active};
    };
    tell(hold_links{
      view{revision, {node("a", 1), node("m", mine), node("z", 3)}}});
  }

  /// Another node's root, which writes down what it is told.
  caf::actor peer(std::vector<caf::message>& into) {
    auto made = system.spawn(
      [&into](caf::event_based_actor* me, int) {
        me->set_default_handler(
          [&into](caf::scheduled_actor*,
                  caf::message_view& x) -> caf::result<caf::message> {
            into.push_back(x.copy_content_to_message());
            return caf::message{};
          });
        return caf::behavior{[](caf::unit_t) {}};
      },
      0);
    peers_.push_back(made);
    return made;
  }

  /// A link that z has opened; its sessions here and there.
  uint64_t open_from_z(const caf::actor& z, uint32_t version = 1) {
    tell(link_open{version, 77, "z", 3, z});
    return to_z.back().get_as<link_opened>(0).answer_to;
  }

  void take_said(const lines& expected) {
    CHECK(heard.said == expected);
    heard.said.clear();
  }

  config cfg;
  caf::actor_system system{cfg};
  owner heard;
  lines dialed;
  std::vector<member> probes;
  /// What was said of members without a link, each time.
  std::vector<unlinked_members> unlinked;
  std::shared_ptr<root_line> line = std::make_shared<root_line>();
  std::optional<root_actor> self;
  /// What nodes were told; there as long as their roots are.
  std::vector<caf::message> to_a;
  std::vector<caf::message> to_z;
  bool ended = false;

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  std::vector<caf::actor> peers_;
};

template <class T>
std::vector<T> only(const std::vector<caf::message>& all) {
  std::vector<T> result;
  for (const auto& x : all)
    if (x.match_elements<T>())
      result.push_back(x.get_as<T>(0));
  return result;
}

envelope of(std::string text) {
  return {1, std::make_shared<const std::string>(std::move(text))};
}

} // namespace

TEST_CASE_METHOD(world,
                 "only nodes with a lower id are dialed, one at a time") {
  hold();
  CHECK(dialed == lines{"a 127.0.0.1:5400"});
  advance(redial_pause);
  CHECK(dialed.size() == 1);
  tell(reached{node_id{"a"}, nullptr, "refused"});
  advance(redial_pause);
  CHECK(dialed.size() == 2);
  take_said({});
}

TEST_CASE_METHOD(world,
                 "a link that this node opens is up once it is answered") {
  hold();
  tell(reached{node_id{"a"}, peer(to_a), ""});
  auto opening = only<link_open>(to_a);
  REQUIRE(opening.size() == 1);
  CHECK(opening[0].node == "m");
  CHECK(opening[0].incarnation == 2);
  CHECK(opening[0].version == wire_version);
  CHECK(opening[0].session != 0);
  take_said({});
  tell(link_opened{opening[0].session + 1, 1, 5, "a", 1});
  take_said({});
  tell(link_opened{opening[0].session, 1, 5, "a", 1});
  take_said({"up a 1"});
  tell(link_opened{opening[0].session, 1, 6, "a", 1});
  take_said({});
}

TEST_CASE_METHOD(world, "a root that is reached twice has one link") {
  hold();
  tell(reached{node_id{"a"}, peer(to_a), ""});
  tell(reached{node_id{"a"}, peer(to_a), ""});
  CHECK(only<link_open>(to_a).size() == 1);
}

TEST_CASE_METHOD(world, "who does not answer is dialed again") {
  hold();
  tell(reached{node_id{"a"}, peer(to_a), ""});
  CHECK(dialed.size() == 1);
  auto session = only<link_open>(to_a).at(0).session;
  tell(link_bye{session, "not now"});
  take_said({});
  advance(redial_pause);
  CHECK(dialed.size() == 2);
}

TEST_CASE_METHOD(world, "an answer that takes too long is not waited for") {
  hold();
  tell(reached{node_id{"a"}, peer(to_a), ""});
  wait(opening_patience);
  CHECK(dialed.size() == 1);
  wait(redial_pause);
  CHECK(dialed.size() == 2);
  // Its session is not known here, so that it is told nothing.
  CHECK(only<link_bye>(to_a).empty());
  tell(link_opened{only<link_open>(to_a).at(0).session, 1, 5, "a", 1});
  take_said({});
}

TEST_CASE_METHOD(world, "a node that goes before it answers is dialed again") {
  hold();
  auto a = peer(to_a);
  tell(reached{node_id{"a"}, a, ""});
  caf::anon_send_exit(a, caf::exit_reason::kill);
  run();
  advance(redial_pause);
  CHECK(dialed.size() == 2);
  take_said({});
}

TEST_CASE_METHOD(world, "a link that is up is not too late") {
  hold();
  open_from_z(peer(to_z));
  wait(2 * opening_patience);
  take_said({"up z 3"});
}

TEST_CASE_METHOD(world, "members without a link are told after a while") {
  hold();
  tell(reached{node_id{"a"}, nullptr, "refused"});
  wait(link_patience - redial_pause);
  CHECK(unlinked.empty());
  wait(redial_pause);
  REQUIRE(unlinked.size() == 1);
  CHECK(
    unlinked[0]
    == unlinked_members{{node_id{"a"}, "refused"},
                        {node_id{"z"}, "it does not connect to this node"}});
  // What is the same is not told again.
  wait(link_patience);
  CHECK(unlinked.size() == 1);
  open_from_z(peer(to_z));
  wait(redial_pause);
  REQUIRE(unlinked.size() == 2);
  CHECK(unlinked[1] == unlinked_members{{node_id{"a"}, "refused"}});
  // Another reason is.
  tell(reached{node_id{"a"}, nullptr, "no route"});
  wait(redial_pause);
  REQUIRE(unlinked.size() == 3);
  CHECK(unlinked[2] == unlinked_members{{node_id{"a"}, "no route"}});
}

TEST_CASE_METHOD(world, "members are no longer missed by who is out itself") {
  hold();
  auto session = open_from_z(peer(to_z));
  wait(2 * link_patience);
  REQUIRE(unlinked.size() == 1);
  CHECK(unlinked[0] == unlinked_members{{node_id{"a"}, "no answer"}});
  // Another one that is not told yet.
  tell(link_bye{session, "x"});
  wait(redial_pause);
  tell(hold_links{});
  REQUIRE(unlinked.size() == 2);
  CHECK(unlinked[1].empty());
}

TEST_CASE_METHOD(world,
                 "why a member is not linked to is what was heard last") {
  hold();
  tell(reached{node_id{"a"}, peer(to_a), ""});
  tell(link_opened{only<link_open>(to_a).at(0).session, 1, 5, "b", 1});
  wait(link_patience);
  REQUIRE(unlinked.size() == 1);
  CHECK(unlinked[0].at(node_id{"a"}) == "another node listens at that address");
}

TEST_CASE_METHOD(world, "links and members without one are logged") {
  captured_stderr err;
  log::start();
  hold();
  auto session = open_from_z(peer(to_z));
  tell(link_bye{session, "x"});
  wait(link_patience + redial_pause);
  log::stop();
  CHECK(err.has("link up node=z"));
  CHECK(err.has("link down node=z why=\"the peer says: x\""));
  CHECK(err.has("node cannot be linked node=a why=\"no answer\""));
}

TEST_CASE_METHOD(world, "a member that is lost is waited for anew") {
  hold();
  auto session = open_from_z(peer(to_z));
  tell(reached{node_id{"a"}, peer(to_a), ""});
  tell(link_opened{only<link_open>(to_a).at(0).session, 1, 5, "a", 1});
  wait(2 * link_patience);
  tell(link_bye{session, "x"});
  wait(link_patience - redial_pause);
  CHECK(unlinked.empty());
  wait(2 * redial_pause);
  REQUIRE(unlinked.size() == 1);
  CHECK(unlinked[0].size() == 1);
}

TEST_CASE_METHOD(world,
                 "an answer of another node or of no version is refused") {
  for (auto answer :
       {link_opened{0, 1, 5, "b", 1}, link_opened{0, 0, 5, "a", 1},
        link_opened{0, 1, 5, "a", 0}}) {
    to_a.clear();
    hold();
    tell(reached{node_id{"a"}, peer(to_a), ""});
    answer.session = only<link_open>(to_a).at(0).session;
    tell(answer);
    auto bye = only<link_bye>(to_a);
    REQUIRE(bye.size() == 1);
    CHECK(bye[0].session == 5);
  }
  take_said({});
}

TEST_CASE_METHOD(world,
                 "an opening is answered, unless there is an objection") {
  auto z = peer(to_z);
  auto refused = [&](link_open x) {
    to_z.clear();
    x.from = z;
    tell(x);
    return only<link_bye>(to_z).size() == 1 && only<link_opened>(to_z).empty();
  };
  CHECK(refused({1, 77, "z", 3, nullptr}));
  hold();
  CHECK(refused({0, 77, "z", 3, nullptr}));
  CHECK(refused({1, 77, "z", 2, nullptr}));
  CHECK(refused({1, 77, "y", 2, nullptr}));
  CHECK(refused({1, 77, "m", 2, nullptr}));
  CHECK(refused({1, 77, "a", 1, nullptr}));
  CHECK(only<link_bye>(to_z)[0].why
        == "of two nodes the one with the higher id dials");
  CHECK(refused({1, 77, "a", 2, nullptr}));
  CHECK(only<link_bye>(to_z)[0].why == "that node is not in the cluster");
  CHECK(refused({1, 77, "", 9, nullptr}));
  CHECK(refused({1, 77, "z/z", 9, nullptr}));
  CHECK(refused({1, 77, std::string(100'000, 'z'), 9, nullptr}));
  tell(link_open{1, 77, "z", 3, nullptr});
  take_said({});
  CHECK_FALSE(refused({1, 77, "z", 3, nullptr}));
  take_said({"up z 3"});
  CHECK(only<link_opened>(to_z).at(0).session == 77);
}

TEST_CASE_METHOD(world, "versions meet at the lower one") {
  hold();
  tell(link_open{9, 77, "z", 3, peer(to_z)});
  CHECK(heard.last->version() == wire_version);
}

TEST_CASE_METHOD(world,
                 "another opening of a node takes the place of its link") {
  hold();
  auto z = peer(to_z);
  open_from_z(z);
  auto first = heard.last;
  tell(link_open{1, 78, "z", 3, z});
  take_said({"up z 3", "down z: another link takes its place", "up z 3"});
  CHECK(only<link_bye>(to_z).empty());
  CHECK_FALSE(first->send(of("too late")));
}

TEST_CASE_METHOD(world,
                 "frames are handed on in order, and a hole ends the link") {
  hold();
  auto session = open_from_z(peer(to_z));
  tell(link_frame{session, 1, {of("x"), of("y")}});
  tell(link_frame{session, 2, {}});
  take_said({"up z 3", "frame z 1 of 2", "frame z 2 of 0"});
  tell(link_frame{session, 4, {of("x")}});
  take_said({"down z: a frame is missing"});
  CHECK(only<link_bye>(to_z).at(0).session == 77);
  tell(link_frame{session, 5, {of("x")}});
  take_said({});
}

TEST_CASE_METHOD(world, "a frame that comes twice ends the link") {
  hold();
  auto session = open_from_z(peer(to_z));
  tell(link_frame{session, 1, {}});
  tell(link_frame{session, 1, {}});
  CHECK(heard.said.back() == "down z: a frame is missing");
}

TEST_CASE_METHOD(world, "what names no session of this node is not looked at") {
  hold();
  auto session = open_from_z(peer(to_z));
  take_said({"up z 3"});
  for (auto other : {uint64_t{0}, uint64_t{77}, session + 1}) {
    tell(link_frame{other, 1, {of("x")}});
    tell(link_ack{other, 1});
    tell(link_bye{other, "x"});
    tell(taken_up_to{other, 1});
    tell(look_again{other});
  }
  take_said({});
}

TEST_CASE_METHOD(world, "more frames than the window has end the link") {
  hold();
  auto session = open_from_z(peer(to_z));
  for (uint64_t i = 1; i <= link_window; ++i)
    tell(link_frame{session, i, {}});
  heard.last->taken(1);
  run();
  tell(link_frame{session, link_window + 1, {}});
  CHECK(heard.said.back()
        == "frame z " + std::to_string(link_window + 1) + " of 0");
  tell(link_frame{session, link_window + 2, {}});
  CHECK(heard.said.back() == "down z: more frames than the window has");
}

TEST_CASE_METHOD(world, "frames are acknowledged when some have been taken") {
  hold();
  auto session = open_from_z(peer(to_z));
  for (uint64_t i = 1; i <= frames_per_ack + 1; ++i)
    tell(link_frame{session, i, {}});
  heard.last->taken(frames_per_ack - 1);
  run();
  CHECK(only<link_ack>(to_z).empty());
  heard.last->taken(frames_per_ack);
  // What is taken twice, or never came, is not acknowledged.
  heard.last->taken(frames_per_ack);
  heard.last->taken(1);
  heard.last->taken(2 * frames_per_ack);
  run();
  auto acks = only<link_ack>(to_z);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].session == 77);
  CHECK(acks[0].number == frames_per_ack);
}

TEST_CASE_METHOD(world, "pieces are put together, and taken as they come") {
  hold();
  auto session = open_from_z(peer(to_z), 2);
  tell(link_frame{session, 1, {of("x")}});
  uint64_t i = 1;
  auto come = [&](uint64_t count, uint64_t behind) {
    for (; count > 0; --count)
      tell(link_piece{session, ++i, 1, "a", behind + count - 1});
  };
  come(frames_per_ack, frames_per_ack + 1);
  // The frame before them is not.
  CHECK(only<link_ack>(to_z).empty());
  heard.last->taken(1);
  run();
  CHECK(only<link_ack>(to_z).back().number == i);
  come(frames_per_ack, 1);
  CHECK(only<link_ack>(to_z).back().number == i);
  come(1, 0);
  take_said(
    {"up z 3", "frame z 1 of 1", "frame z " + std::to_string(i) + " of 1"});
  CHECK(heard.body == std::string(2 * frames_per_ack + 1, 'a'));
  // The envelope is its owner's to take.
  for (auto more = i + 1; more < i + frames_per_ack; ++more)
    tell(link_frame{session, more, {}});
  CHECK(only<link_ack>(to_z).back().number == i - 1);
  heard.last->taken(i + frames_per_ack - 1);
  run();
  CHECK(only<link_ack>(to_z).back().number == i + frames_per_ack - 1);
}

TEST_CASE_METHOD(world, "more pieces than the window has are one envelope") {
  hold();
  auto session = open_from_z(peer(to_z), 2);
  auto count = 3 * link_window;
  for (uint64_t i = 1; i <= count; ++i)
    tell(link_piece{session, i, 1, "x", count - i});
  CHECK(heard.body == std::string(count, 'x'));
}

TEST_CASE_METHOD(world, "pieces that do not fit end the link") {
  hold();
  auto z = peer(to_z);
  for (auto second :
       {link_piece{0, 2, 1, "c", 1}, link_piece{0, 2, 1, "cd", 0},
        link_piece{0, 2, 1, "", 2}, link_piece{0, 2, 1, "c", UINT64_MAX}}) {
    second.session = open_from_z(z, 2);
    tell(link_piece{second.session, 1, 1, "ab", 1});
    heard.said.clear();
    tell(second);
    take_said({"down z: pieces do not fit"});
    CHECK(only<link_bye>(to_z).back().why == "pieces do not fit");
  }
  auto session = open_from_z(z, 2);
  tell(link_piece{session, 1, 1, "", 5});
  CHECK(heard.said.back() == "down z: pieces do not fit");
  session = open_from_z(z, 2);
  tell(link_piece{session, 1, 1, "ab", largest_envelope - 1});
  CHECK(heard.said.back() == "down z: pieces do not fit");
  session = open_from_z(z, 2);
  tell(link_piece{session, 1, 1, "ab", largest_envelope - 2});
  CHECK(heard.said.back() == "up z 3");
  session = open_from_z(z, 2);
  tell(link_piece{session, 1, 1, "ab", largest_envelope});
  CHECK(heard.said.back() == "down z: pieces do not fit");
  session = open_from_z(z, 2);
  tell(link_piece{session, 1, 1, "ab", 1});
  tell(link_frame{session, 2, {of("x")}});
  CHECK(heard.said.back() == "down z: a piece is missing");
  CHECK(only<link_bye>(to_z).back().why == "a piece is missing");
}

TEST_CASE_METHOD(world, "what is large goes in pieces, to who takes them") {
  hold();
  std::string text(frame_bytes + 1, 'x');
  for (uint32_t version : {1, 2}) {
    to_z.clear();
    open_from_z(peer(to_z), version);
    heard.last->send(of(text));
    run();
    auto pieces = only<link_piece>(to_z);
    CHECK(only<link_frame>(to_z).size() == (version == 1 ? 1 : 0));
    REQUIRE(pieces.size() == (version == 1 ? 0 : 2));
    if (version == 1)
      continue;
    CHECK(pieces[0].left == 1);
    CHECK(pieces[1].left == 0);
    CHECK(pieces[1].number == 2);
    CHECK(pieces[0].content + pieces[1].content == text);
  }
}

TEST_CASE_METHOD(world, "what is said goes to the peer's session in frames") {
  hold();
  auto session = open_from_z(peer(to_z));
  heard.last->send(of("x"));
  heard.last->send(of("y"));
  run();
  auto frames = only<link_frame>(to_z);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].session == 77);
  CHECK(frames[0].number == 1);
  CHECK(frames[0].content.size() == 2);
  tell(link_ack{session, 2});
  CHECK(heard.said.back() == "down z: a frame was taken that was not sent");
  CHECK(only<link_bye>(to_z).size() == 1);
}

TEST_CASE_METHOD(world,
                 "what waits behind a full window goes when there is room") {
  hold();
  auto session = open_from_z(peer(to_z));
  for (uint64_t i = 0; i < link_window; ++i) {
    heard.last->send(of("x"));
    run();
  }
  heard.last->send(of("y"));
  heard.last->send(of("z"));
  run();
  CHECK(only<link_frame>(to_z).size() == link_window);
  tell(link_ack{session, 1});
  auto frames = only<link_frame>(to_z);
  REQUIRE(frames.size() == link_window + 1);
  CHECK(frames.back().content.size() == 2);
}

TEST_CASE_METHOD(world, "a lost link is down, and its node is looked for") {
  hold();
  auto z = peer(to_z);
  open_from_z(z);
  caf::anon_send_exit(z, caf::exit_reason::remote_link_unreachable);
  run();
  take_said({"up z 3", "down z: the connection is lost"});
  REQUIRE(probes.size() == 1);
  CHECK(probes[0].id == node_id{"z"});
  tell(probed{probes[0], false});
  take_said({});
  tell(probed{probes[0], true});
  take_said({"dead z"});
}

TEST_CASE_METHOD(world, "a node that is back is not dead") {
  hold();
  auto z = peer(to_z);
  open_from_z(z);
  caf::anon_send_exit(z, caf::exit_reason::remote_link_unreachable);
  run();
  open_from_z(peer(to_z));
  heard.said.clear();
  tell(probed{probes.at(0), true});
  take_said({});
}

TEST_CASE_METHOD(world,
                 "a peer that says good-bye is down and not looked for") {
  hold();
  auto session = open_from_z(peer(to_z));
  tell(link_bye{session, "enough " + std::string(100'000, 'x')});
  CHECK(heard.said.back().starts_with("down z: the peer says: enough x"));
  CHECK(heard.said.back().size() < 300);
  CHECK(probes.empty());
  CHECK(only<link_bye>(to_z).empty());
}

TEST_CASE_METHOD(world, "a new stay of this node ends its links") {
  hold();
  open_from_z(peer(to_z));
  hold(9, 9);
  take_said({"up z 3", "down z: this node begins anew"});
  CHECK(only<link_bye>(to_z).size() == 1);
}

TEST_CASE_METHOD(world, "a view without a node ends its link") {
  hold();
  open_from_z(peer(to_z));
  tell(hold_links{view{
    9,
    {{node_id{"m"}, incarnation{2}, "127.0.0.1:1", 1, member_state::active}}}});
  take_said({"up z 3", "down z: that node is not in the cluster"});
  CHECK(only<link_bye>(to_z).size() == 1);
}

TEST_CASE_METHOD(world, "a node that stops says good-bye") {
  hold();
  open_from_z(peer(to_z));
  tell(hang_up{});
  CHECK(ended);
  take_said({"up z 3", "down z: this node stops"});
  REQUIRE(only<link_bye>(to_z).size() == 1);
  CHECK(only<link_bye>(to_z)[0].why == "this node stops");
}

TEST_CASE_METHOD(world, "what others end with does not end the root") {
  hold();
  caf::anon_send_exit(*self, caf::exit_reason::user_shutdown);
  run();
  CHECK_FALSE(ended);
  open_from_z(peer(to_z));
  take_said({"up z 3"});
}
