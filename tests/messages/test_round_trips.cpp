// SPDX-License-Identifier: MIT
#include "messages/add_messages.hpp"
#include "messages/from_peers.hpp"
#include "messages/process_vitals.hpp"
#include "messages/report.hpp"
#include "messages/thread_report.hpp"
#include "messages/to_admin.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_lane.hpp"
#include "messages/to_registry.hpp"
#include "messages/to_room.hpp"
#include "tests/messages/same.hpp"
#include "tests/support/catch.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/behavior.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

using namespace parlor;

namespace {

struct config : caf::actor_system_config {
  config() { add_messages(*this); }
};

/// Waits. A class, since UBSan finds a null reference in CAF's header where a
/// function without arguments is spawned.
struct bystander : caf::event_based_actor {
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};

/// A system, and an actor in it that other actors' handles can name.
struct fixture {
  fixture() { someone = system.spawn<bystander>(); }

  ~fixture() { caf::anon_send_exit(someone, caf::exit_reason::user_shutdown); }

  template <class Handle>
  Handle handle() const {
    return caf::actor_cast<Handle>(
      caf::actor_cast<caf::strong_actor_ptr>(someone));
  }

  /// What arrives when `x` is sent to another process.
  template <class T>
  T sent(T x) {
    std::vector<char> buffer;
    caf::binary_serializer sink{system, buffer};
    if (sink(x))
      FAIL("cannot be written");
    T result;
    caf::binary_deserializer source{system, buffer};
    if (source(result))
      FAIL("cannot be read");
    CHECK(source.remaining() == 0);
    return result;
  }

  template <class T>
  void check_some(T x) {
    INFO(caf::deep_to_string(x));
    CHECK(test::same(x, sent(x)));
  }

  /// Checks a message of which no member has its default.
  template <class T>
  void check(T x) {
    check_some(x);
    check_some(T{});
    CHECK(test::all_differ(x, T{}));
  }

  config cfg;
  caf::actor_system system{cfg};
  caf::actor someone;
};

const user_id ann{"ann"};
const user_id bob{"bob"};
const room_name tea{"tea"};
const request_id id{R"("7")"};
const connection_id here{1, 2, 3};
const connection_id there{200, 0xFFFFFF, 0xFFFFFFFF};
const epoch opening{UINT64_MAX, 7};

frames some_frames() {
  frames result;
  result[dialect::typed] = frame{R"({"type":"pong"})", frame_kind::pong};
  result[dialect::text] = frame{std::string(70000, 'x')};
  return result;
}

} // namespace

TEST_CASE("what is sent to a connection survives serialisation") {
  fixture f;
  f.check(client_frame{"text"});
  f.check(socket_closed{close_code::going_away, "bye", departure::timeout});
  f.check(admitted{R"(["tea","milk"])"});
  f.check(
    dismissed{close_code::service_restart, "drain", departure::node_down, 250});
  f.check(joined{tea, f.handle<room_actor>()});
  f.check_some(joined{tea, {}});
  f.check(not_joined{tea, ec::room_full, "full", id});
  f.check(room_failed{tea, f.handle<room_actor>()});
  f.check(connection_report{
    here, ann, {tea}, 1795222923.25, "127.0.0.1", "client/1", 431, 4096});
}

TEST_CASE("what is sent to a room survives serialisation") {
  fixture f;
  f.check(join{tea,
               id,
               here,
               ann,
               dialect::action,
               f.handle<connection_actor>(),
               true,
               {{opening, 12}, 5, true},
               true});
  f.check_some(join{tea, id, here, ann, dialect::text, {}});
  f.check(leave{id, here, f.handle<connection_actor>()});
  f.check(publish{id, here, R"({"n":9223372036854775807})", true, "key"});
  f.check(members_query{id, here});
  f.check(signal_message{id, here, "typing", "[1]"});
  f.check(history_query{id, here, UINT64_MAX, 7});
  f.check(presence_update{id, here, R"({"mood":"fine"})"});
  f.check(post{tea, ann, "[1]", "bob", "key"});
  f.check(post_receipt{UINT64_MAX, opening});
  f.check(room_report{tea, {ann, bob}, 3, 17, opening});
}

TEST_CASE("what is sent to a lane survives serialisation") {
  fixture f;
  f.check(admission{here, dialect::text, {frame{"a"}, frame{}, frame{"b"}}});
  f.check(dismissal{here, dialect::action, frame{"bye"}});
  f.check(delivery{some_frames(),
                   {here, there},
                   some_frames(),
                   there,
                   true,
                   caf::timespan{7}});
  f.check(remark{here, frame{"psst"}, true});
  f.check(mail{{{here, frame{"psst"}, true}, {there, frame{}, false}}});
  f.check(announcement{some_frames(), {there}});
}

TEST_CASE("what is sent to the directory survives serialisation") {
  fixture f;
  f.check(retirement{tea, opening, 12, true, std::chrono::minutes{5}, 4096});
  f.check(occupancy{tea, true});
  f.check(room_entry{tea, f.handle<room_actor>()});
  f.check(room_list{{{tea, f.handle<room_actor>()}, {tea, {}}}});
  f.check(room_lookup{tea});
}

TEST_CASE("what is sent to the registry survives serialisation") {
  fixture f;
  f.check(stranger{here, f.handle<connection_actor>()});
  f.check(entrance{here, ann, dialect::action, f.handle<connection_actor>()});
  f.check_some(entrance{here, ann, dialect::text, {}});
  f.check(private_message{id, ann, bob, R"("x")", here, dialect::action});
  f.check(user_message{ann, "null"});
  f.check(broadcast{"1", "ann"});
  f.check(kick_user{ann});
  f.check(kick_connection{here});
  f.check(user_query{ann});
  f.check(connections_query{here, 100});
  f.check(connection_list{{f.handle<connection_actor>(), {}}});
  f.check(users_query{ann, 1000});
  f.check(user_entry{ann, 2});
  f.check(user_list{{{ann, 2}, {bob, 1}}});
  f.check(registry_stats{3, 2, 1000, 4});
  f.check(closing_time{close_code::going_away, caf::timespan{5}});
}

TEST_CASE("the look at a process survives serialisation") {
  fixture f;
  f.check(process_vitals{1, 2, 3, 4, 0.5});
}

TEST_CASE("a frame's kind survives serialisation") {
  fixture f;
  CHECK(f.sent(frame{"x", frame_kind::chat}).kind() == frame_kind::chat);
}

TEST_CASE("a report survives serialisation") {
  fixture f;
  report seen{"room", 17, 5};
  seen.number("seq", 3)
    .flag("failed", true)
    .text("name", "tea")
    .list("of", {"a", "b"});
  f.check(seen.link(relation::monitors, "connection", 5));
  f.check(state_query{5});
}
