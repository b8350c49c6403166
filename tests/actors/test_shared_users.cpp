// SPDX-License-Identifier: MIT
#include "actors/registry.hpp"
#include "messages/limits.hpp"
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

/// Clients on three nodes write to each other.
struct shared_users_fixture : cluster_fixture {
  registry_state& registry_of(node& x) {
    return state_of<registry_state>(x.core.registry);
  }

  /// Of the nodes that run, one that is not the user's home.
  node& abroad(const std::string& user, size_t which = 0) {
    for (auto& x : nodes)
      if (x.running && &x != &home_of(user) && which-- == 0)
        return x;
    throw std::logic_error{"no such node"};
  }

  /// One whose home this node is.
  std::string user_of(const node& home) {
    for (int i = 0;; ++i)
      if (auto name = "u" + std::to_string(i); &home_of(name) == &home)
        return name;
  }

  static std::string letter(const std::string& to, const std::string& content,
                            const std::string& more = "") {
    return R"({"type":"private","to":")" + to + R"(","content":)" + content
           + more + "}";
  }

  bool is_closed(const client& x) { return ended(x.handle); }

  /// How many connections of a user are in, on all nodes that run.
  size_t present(const char* user) {
    size_t result = 0;
    for (auto& x : nodes)
      if (x.running)
        result += registry_of(x).residents.connections_of(user_id{user}).size();
    return result;
  }

  void limit_to(size_t most, per_user_policy policy) {
    for (auto& x : nodes) {
      x.env.limits.max_connections_per_user = most;
      x.env.limits.policy = policy;
    }
  }

  /// The HTTP API asks a node's registry.
  template <class Answer, class... Ts>
  caf::expected<Answer> ask_at(node& x, Ts&&... what) {
    caf::scoped_actor self{system};
    auto pending = self->request(x.core.registry, caf::infinite,
                                 std::forward<Ts>(what)...);
    settle();
    caf::expected<Answer> result{caf::error{caf::sec::runtime_error}};
    pending.receive([&](Answer& y) { result = std::move(y); },
                    [&](caf::error& y) { result = std::move(y); });
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(shared_users_fixture, "users on other nodes get letters",
                 "[users]") {
  auto& ann = connect(at(0), "ann");
  auto& bob = connect(at(1), "bob");
  auto& second = connect(at(2), "bob");
  for (auto* one : {&ann, &bob, &second})
    take(*one);
  say(ann, letter("bob", R"("hi")", R"(,"id":1)"));
  for (auto* one : {&bob, &second}) {
    auto heard = take(*one);
    CAPTURE(heard);
    REQUIRE(heard.size() == 1);
    CHECK(has(heard[0], R"("type":"private","to":"bob","content":"hi")"));
    CHECK(has(heard[0], R"("sender":"ann")"));
    CHECK_FALSE(has(heard[0], "origin"));
  }
  // Nobody waits at the door any more.
  for (auto& x : nodes)
    CHECK(registry_of(x).shared->outside() == 0);
  CHECK(count_of(take(ann), R"("id":1,"ok":true,"delivered":2)") == 1);
  say(bob, letter("ann", R"("oh")", R"(,"id":2)"));
  CHECK(count_of(take(ann), R"("content":"oh")") == 1);
  CHECK(count_of(take(bob), R"("id":2,"ok":true,"delivered":1)") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "nobody gets letters for the absent",
                 "[users]") {
  for (size_t i = 0; i < 3; ++i) {
    auto& ann = connect(at(i), "ann");
    take(ann);
    say(ann, letter("nobody", "1", R"(,"id":1)"));
    say(ann, letter("nobody", "1"));
    auto heard = take(ann);
    CAPTURE(i, heard);
    REQUIRE(heard.size() == 2);
    CHECK(has(heard[0], R"("delivered":0)"));
    CHECK(is_error(heard[1], "user_offline"));
  }
}

TEST_CASE_METHOD(shared_users_fixture, "a user who has left gets no letters",
                 "[users]") {
  auto& ann = connect(at(0), "ann");
  for (size_t i = 0; i < 3; ++i) {
    auto& bob = connect(at(i), "bob");
    hang_up(bob);
    take(ann);
    say(ann, letter("bob", "1"));
    CHECK(is_error(take(ann).at(0), "user_offline"));
  }
}

TEST_CASE_METHOD(shared_users_fixture, "a pair's letters keep their order",
                 "[users]") {
  auto& bob = connect(abroad("bob"), "bob");
  auto& ann = connect(abroad("bob", 1), "ann");
  take(bob);
  for (int i = 1; i <= 20; ++i)
    say_soon(ann, letter("bob", std::to_string(i)));
  settle();
  auto heard = take(bob);
  REQUIRE(heard.size() == 20);
  for (size_t i = 0; i < 20; ++i)
    CHECK(has(heard[i], R"("content":)" + std::to_string(i + 1) + ","));
}

TEST_CASE_METHOD(shared_users_fixture, "the oldest anywhere goes", "[users]") {
  limit_to(3, per_user_policy::evict_oldest);
  std::vector<client*> all;
  for (size_t i : {2u, 0u, 1u, 1u, 2u, 0u})
    all.push_back(&connect(at(i), "ann"));
  for (size_t i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(is_closed(*all[i]) == (i < 3));
  }
  auto heard = take(*all[0]);
  CHECK(count_of(heard, R"("code":4000,"reason":"Too many connections")") == 1);
  CHECK(present("ann") == 3);
}

TEST_CASE_METHOD(shared_users_fixture, "who has to go is in no table's wake",
                 "[users]") {
  limit_to(1, per_user_policy::evict_oldest);
  auto& home = home_of("ann");
  auto& far = abroad("ann");
  auto& first = connect(far, "ann");
  // The node tells its table, which is on its way while its home decides.
  std::pair there{far.stay, home.stay};
  std::pair back{home.stay, far.stay};
  held = {there, back};
  lose_link(far, home);
  settle();
  auto& second = connect(abroad("ann", 1), "ann");
  hang_up(second);
  held = {back};
  settle();
  held.clear();
  settle();
  CHECK(is_closed(first));
  CHECK(present("ann") == 0);
  CHECK(registry_of(home).shared->shard().seats_of(user_id{"ann"}).empty());
}

TEST_CASE_METHOD(shared_users_fixture,
                 "who is let in while a table is under way is known",
                 "[users]") {
  auto& home = home_of("bob");
  auto& here = abroad("bob");
  auto& ann = connect(home, "ann");
  auto way = std::pair{here.stay, home.stay};
  held = {way};
  auto& bob = connect_soon(here, "bob");
  publish_view();
  deliver_all();
  auto behind = std::exchange(roads[way], {});
  // What bob's node asks for him, then for itself as a home of others; and its
  // table, written before it has an answer.
  REQUIRE(behind.size() >= 3);
  held.clear();
  for (int i = 0; i < 3; ++i) {
    roads[way].push_back(std::move(behind.front()));
    behind.pop_front();
    deliver_all();
  }
  listen(bob);
  REQUIRE(count_of(take(bob), R"("type":"connected")") == 1);
  auto& shard = registry_of(home).shared->shard();
  CHECK(shard.seats_of(user_id{"bob"}).size() == 1);
  take(ann);
  say_soon(ann, letter("bob", "1", R"(,"id":1)"));
  deliver_all();
  listen(ann);
  CHECK(count_of(take(ann), R"("delivered":1)") == 1);
  roads[way] = std::move(behind);
  settle();
  CHECK(shard.seats_of(user_id{"bob"}).size() == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "who is not in yet cannot be sent away",
                 "[users]") {
  auto& far = abroad("ann");
  held = {{far.stay, home_of("ann").stay}};
  auto& ann = connect(far, "ann");
  // One that was its home has let it in, and another one after it.
  post(abroad("ann", 1), far.stay,
       to_envelope(user_id{"ann"}, registration::eviction{ann.id}));
  settle();
  held.clear();
  settle();
  CHECK_FALSE(is_closed(ann));
  CHECK(present("ann") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "who was let in alone can be sent away",
                 "[users]") {
  auto& home = home_of("ann");
  auto& here = abroad("ann");
  cut.insert({here.stay, home.stay});
  auto& ann = connect_soon(here, "ann");
  settle(15);
  REQUIRE(present("ann") == 1);
  REQUIRE(registry_of(here).shared->waiting() == 1);
  // It is asked for still, of a home that has no say before it hears of it.
  post(abroad("ann", 1), here.stay,
       to_envelope(user_id{"ann"}, registration::eviction{ann.id}));
  settle();
  CHECK(is_closed(ann));
  CHECK(present("ann") == 0);
  CHECK(registry_of(here).shared->waiting() == 0);
}

TEST_CASE_METHOD(shared_users_fixture,
                 "who was let in alone is one too many for its home",
                 "[users]") {
  limit_to(1, per_user_policy::reject_new);
  auto& home = home_of("ann");
  auto& here = abroad("ann");
  auto& first = connect(abroad("ann", 1), "ann");
  cut.insert({here.stay, home.stay});
  auto& second = connect_soon(here, "ann");
  settle(15);
  REQUIRE(present("ann") == 2);
  cut.clear();
  settle(15);
  CHECK_FALSE(is_closed(first));
  CHECK(is_closed(second));
  CHECK(present("ann") == 1);
  CHECK(registry_of(here).shared->waiting() == 0);
  CHECK(registry_of(here).shared->outside() == 0);
  CHECK(registry_of(home).shared->shard().seats_of(user_id{"ann"}).size() == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "who is refused behind a grant goes",
                 "[users]") {
  auto& home = home_of("ann");
  auto& here = abroad("ann");
  auto& ann = connect(here, "ann");
  // One that was its home by mistake has no say.
  post(abroad("ann", 1), here.stay,
       to_envelope(user_id{"ann"}, registration::refusal{ann.id}));
  settle();
  CHECK_FALSE(is_closed(ann));
  // Nor has the home of one who is not here.
  post(home, here.stay,
       to_envelope(user_id{"ann"}, registration::refusal{id_of(0, 99)}));
  settle();
  CHECK_FALSE(is_closed(ann));
  post(home, here.stay,
       to_envelope(user_id{"ann"}, registration::refusal{ann.id}));
  settle();
  CHECK(is_closed(ann));
  CHECK(count_of(take(ann), R"("reason":"Too many connections")") == 1);
  CHECK(registry_of(home).shared->shard().seats_of(user_id{"ann"}).empty());
}

TEST_CASE_METHOD(shared_users_fixture, "a search ends with the last answer",
                 "[users]") {
  connect(at(0), "ann");
  caf::scoped_actor self{system};
  auto pending = self->request(at(1).core.registry, caf::infinite,
                               kick_connection{id_of(0, 99)});
  // Without a beat.
  deliver_all();
  CHECK(registry_of(at(1)).shared->waiting() == 0);
  auto found = true;
  pending.receive([&](bool x) { found = x; }, [](caf::error&) {});
  CHECK_FALSE(found);
}

TEST_CASE_METHOD(shared_users_fixture, "who has gone is sent away by nobody",
                 "[users]") {
  auto& here = abroad("ann");
  auto& ann = connect(here, "ann");
  auto& second = connect(here, "ann");
  hang_up(ann);
  for (auto who : {ann.id, second.id, second.id})
    post(abroad("ann", 1), here.stay,
         to_envelope(user_id{"ann"}, registration::eviction{who}));
  settle();
  CHECK(is_closed(second));
  auto heard = take(second);
  CHECK(count_of(heard, R"("reason":"Too many connections")") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "one above the limit is rejected",
                 "[users]") {
  limit_to(2, per_user_policy::reject_new);
  auto& first = connect(at(0), "ann");
  auto& second = connect(at(1), "ann");
  auto& third = connect(at(2), "ann");
  CHECK_FALSE(is_closed(first));
  CHECK_FALSE(is_closed(second));
  CHECK(is_closed(third));
  CHECK(count_of(take(third), R"("code":4003,"reason":"Too many connections")")
        == 1);
  for (auto& x : nodes)
    CHECK(registry_of(x).shared->outside() == 0);
  hang_up(first);
  CHECK_FALSE(is_closed(connect(at(2), "ann")));
}

TEST_CASE_METHOD(shared_users_fixture, "who is gone before the answer is gone",
                 "[users]") {
  auto& x = abroad("ann");
  auto& ann = connect_soon(x, "ann");
  run();
  hang_up_soon(ann);
  settle();
  CHECK(present("ann") == 0);
  CHECK(registry_of(home_of("ann")).shared->shard().user_count() == 0);
  CHECK(registry_of(x).shared->waiting() == 0);
}

TEST_CASE_METHOD(shared_users_fixture, "who waits for its home has a place",
                 "[users]") {
  auto& here = abroad("ann");
  here.env.limits.max_connections = 1;
  held = {{here.stay, home_of("ann").stay}};
  auto& ann = connect_soon(here, "ann");
  run();
  auto& second = connect_soon(here, user_of(here).c_str());
  run();
  listen(second);
  CHECK(count_of(take(second), R"("code":4003)") == 1);
  hang_up_soon(ann);
  run();
  auto& third = connect_soon(here, user_of(here).c_str());
  run();
  listen(third);
  CHECK(count_of(take(third), R"("type":"connected")") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "a home dies while a client comes in",
                 "[users]") {
  auto& home = home_of("ann");
  auto& ann = connect_soon(abroad("ann"), "ann");
  run();
  kill(home);
  run();
  CHECK(present("ann") == 0);
  publish_view();
  settle(2);
  listen(ann);
  CHECK(count_of(take(ann), R"("type":"connected")") == 1);
  CHECK(registry_of(home_of("ann")).shared->shard().user_count() == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "a client comes in without a home",
                 "[users]") {
  auto& home = home_of("ann");
  auto& here = abroad("ann");
  cut.insert({here.stay, home.stay});
  auto& ann = connect_soon(here, "ann");
  settle(3);
  CHECK(take(ann).empty());
  settle(12);
  CHECK(count_of(take(ann), R"("type":"connected")") == 1);
  cut.clear();
  settle(12);
  CHECK(registry_of(home).shared->shard().user_count() == 1);
  CHECK(registry_of(here).shared->waiting() == 0);
}

TEST_CASE_METHOD(shared_users_fixture, "who was let in alone has one place",
                 "[users]") {
  auto& here = abroad("ann");
  here.env.limits.max_connections = 2;
  cut.insert({here.stay, home_of("ann").stay});
  auto& ann = connect_soon(here, "ann");
  settle(15);
  CHECK(count_of(take(ann), R"("type":"connected")") == 1);
  auto& second = connect(here, user_of(here).c_str());
  CHECK(count_of(take(second), R"("type":"connected")") == 1);
  auto& third = connect(here, user_of(here).c_str());
  CHECK(count_of(take(third), R"("code":4003)") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "a table of many pages is told whole",
                 "[users]") {
  constexpr size_t many = rows_per_page + 50;
  auto& here = at(0);
  auto& home = at(1);
  size_t count = 0;
  for (int i = 0; count < many; ++i) {
    auto name = "u" + std::to_string(i);
    if (&home_of(name) != &home)
      continue;
    connect_soon(here, name.c_str());
    ++count;
  }
  settle();
  REQUIRE(registry_of(home).shared->shard().user_count() == many);
  // It knows of nobody when it is back.
  out.insert(home.stay);
  publish_view();
  settle();
  expel(home);
  publish_view();
  settle();
  size_t known = 0;
  for (auto& x : nodes)
    known += registry_of(x).shared->shard().user_count();
  CHECK(known == many);
}

TEST_CASE_METHOD(shared_users_fixture, "a fenced node lets clients in",
                 "[users]") {
  auto& here = at(1);
  here.is_fenced = true;
  auto& ann = connect_soon(here, "ann");
  run();
  listen(ann);
  CHECK(count_of(take(ann), R"("type":"connected")") == 1);
  say(ann, letter("ann", "1", R"(,"id":1)"));
  CHECK(is_error(take(ann).at(0), "unavailable"));
  here.is_fenced = false;
  settle(12);
  say(ann, letter("ann", "1", R"(,"id":1)"));
  CHECK(count_of(take(ann), R"("delivered":1)") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "a letter outlives its home",
                 "[users]") {
  auto& home = home_of("bob");
  auto& bob = connect(abroad("bob"), "bob");
  auto& ann = connect(abroad("bob", 1), "ann");
  take(ann);
  take(bob);
  // Whether the home got it, and passed it on, or not.
  auto steps = GENERATE(0, 1, 2);
  say_soon(ann, letter("bob", "1", R"(,"id":1)"));
  run();
  for (int i = 0; i < steps; ++i) {
    CHECK(deliver());
    run();
  }
  kill(home);
  say_soon(ann, letter("bob", "2", R"(,"id":2)"));
  run();
  publish_view();
  settle();
  auto heard = take(bob);
  CAPTURE(steps, heard);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("content":1)"));
  CHECK(has(heard[1], R"("content":2)"));
  heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("id":1,"ok":true,"delivered":1)"));
  CHECK(has(heard[1], R"("id":2,"ok":true,"delivered":1)"));
}

TEST_CASE_METHOD(shared_users_fixture, "a late second copy is not heard",
                 "[users]") {
  // The first letter goes by way of a home that is elsewhere, the second does
  // not.
  auto& from = at(0);
  auto& home = at(1);
  auto& to = at(2);
  auto bob = user_of(home);
  auto cay = user_of(to);
  auto& ann = connect(from, "ann");
  auto& reader = connect(to, bob.c_str());
  connect(to, cay.c_str());
  std::pair there{from.stay, home.stay};
  std::pair back{home.stay, from.stay};
  held = {back};
  say(ann, letter(bob, "1", R"(,"id":1)"));
  held = {there, back};
  lose_link(from, home);
  settle();
  held = {there};
  settle();
  say(ann, letter(cay, "2", R"(,"id":2)"));
  held.clear();
  settle();
  CHECK(count_of(reader.heard, R"("content":1,)") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "no letter overtakes one that was lost",
                 "[users]") {
  auto& from = at(0);
  auto bob = user_of(at(1));
  auto& ann = connect(from, "ann");
  auto& reader = connect(at(1), bob.c_str());
  std::pair there{from.stay, at(1).stay};
  held = {there};
  say_soon(ann, letter(bob, "1"));
  run();
  // The link is up again before the registry knows that it was lost.
  roads.erase(there);
  say_soon(ann, letter(bob, "2"));
  lose_link(from, at(1));
  run();
  held.clear();
  settle();
  auto heard = take(reader);
  std::erase_if(heard, [](auto& x) { return !has(x, R"("content":)"); });
  CAPTURE(heard);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("content":1,)"));
  CHECK(has(heard[1], R"("content":2,)"));
}

TEST_CASE_METHOD(shared_users_fixture,
                 "a letter that nobody answers is refused", "[users]") {
  auto& home = home_of("bob");
  auto& ann = connect(abroad("bob"), "ann");
  take(ann);
  home.running = false;
  say_soon(ann, letter("bob", "1", R"(,"id":1)"));
  settle(20);
  CHECK(take(ann).empty());
  settle(40);
  CHECK(is_error(take(ann).at(0), "unavailable"));
  home.running = true;
}

TEST_CASE_METHOD(shared_users_fixture,
                 "letters to a silent home take bounded memory", "[users]") {
  constexpr size_t many = 300;
  auto& here = abroad("bob");
  auto& ann = connect(here, "ann");
  take(ann);
  held = {{here.stay, home_of("bob").stay}};
  for (size_t i = 0; i < many; ++i)
    say_soon(ann,
             letter("bob", '"' + std::string(60'000, 'x') + '"', R"(,"id":1)"));
  run();
  listen(ann);
  auto refused = count_of(take(ann), "unavailable");
  CHECK(refused > 0);
  auto kept = registry_of(here).shared->waiting();
  CHECK(kept == many - refused);
  CHECK(kept * 60'000 <= max_held_bytes);
  settle(60);
  CHECK(count_of(take(ann), "unavailable") == kept);
  // What is not kept any more makes room.
  say_soon(ann, letter("bob", R"("hi")", R"(,"id":2)"));
  run();
  CHECK(registry_of(here).shared->waiting() == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "a dead node's users are gone",
                 "[users]") {
  auto& bob = connect(abroad("bob"), "bob");
  auto& ann = connect(abroad("bob", 1), "ann");
  kill(*bob.at);
  publish_view();
  settle();
  take(ann);
  say(ann, letter("bob", "1"));
  CHECK(is_error(take(ann).at(0), "user_offline"));
}

TEST_CASE_METHOD(shared_users_fixture, "a node that comes back has its users",
                 "[users]") {
  limit_to(2, per_user_policy::evict_oldest);
  auto& here = abroad("bob");
  auto& bob = connect(here, "bob");
  auto& ann = connect(abroad("bob", 1), "ann");
  out.insert(here.stay);
  publish_view();
  settle();
  take(ann);
  say(ann, letter("bob", "1"));
  CHECK(is_error(take(ann).at(0), "user_offline"));
  // Meanwhile others of the user come in elsewhere.
  connect(home_of("bob"), "bob");
  connect(home_of("bob"), "bob");
  expel(here);
  publish_view();
  settle();
  CHECK(present("bob") == 2);
  say(ann, letter("bob", "2", R"(,"id":1)"));
  CHECK(count_of(take(ann), R"("delivered":2)") == 1);
  CHECK(is_closed(bob));
}

TEST_CASE_METHOD(shared_users_fixture,
                 "another process knows of no loss of the one before",
                 "[users]") {
  auto& home = home_of("bob");
  auto& here = abroad("bob");
  auto& bob = connect(home, "bob");
  // It ends before its registry has heard of that.
  lose_link(here, home);
  kill(here);
  start(here);
  publish_view();
  settle();
  auto& ann = connect(here, "ann");
  take(bob);
  say(ann, letter("bob", "1"));
  CHECK(count_of(take(bob), R"("content":1)") == 1);
}

TEST_CASE_METHOD(shared_users_fixture, "a node without a cluster goes on alone",
                 "[users]") {
  auto& here = at(0);
  expel(here);
  run();
  auto& ann = connect_soon(here, "ann");
  run();
  listen(ann);
  CHECK(count_of(take(ann), R"("type":"connected")") == 1);
  say(ann, letter("ann", "1", R"(,"id":1)"));
  CHECK(is_error(take(ann).at(0), "unavailable"));
}

TEST_CASE_METHOD(shared_users_fixture, "the HTTP API reaches all nodes",
                 "[users]") {
  std::vector<client*> all;
  for (size_t i = 0; i < 3; ++i)
    all.push_back(&connect(at(i), "ann"));
  auto& bob = connect(at(0), "bob");
  for (size_t i = 0; i < 3; ++i) {
    CHECK(*ask_at<uint64_t>(at(i), user_message{user_id{"ann"}, "1"}) == 3);
    CHECK(*ask_at<uint64_t>(at(i), user_message{user_id{"x"}, "1"}) == 0);
  }
  for (auto* one : all) {
    listen(*one);
    CHECK(count_of(take(*one), R"("origin":"api")") == 3);
  }
  CHECK(*ask_at<bool>(at(1), broadcast{R"("all")", "ann"}));
  for (size_t i = 0; i < 3; ++i) {
    auto& told = at(i).sockets.announcements;
    REQUIRE(told.size() == 1);
    CHECK(has(told[0].first[dialect::typed].text(), R"("content":"all")"));
    CHECK(told[0].second == std::vector{all[i]->id});
  }
  CHECK(*ask_at<bool>(at(1), kick_connection{all[2]->id}));
  CHECK(is_closed(*all[2]));
  CHECK_FALSE(*ask_at<bool>(at(1), kick_connection{id_of(0, 99)}));
  CHECK(*ask_at<uint64_t>(at(2), kick_user{user_id{"ann"}}) == 2);
  for (auto* one : all)
    CHECK(is_closed(*one));
  CHECK_FALSE(is_closed(bob));
  CHECK(*ask_at<uint64_t>(at(2), kick_user{user_id{"ann"}}) == 0);
}
