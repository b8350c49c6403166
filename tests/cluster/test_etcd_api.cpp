// SPDX-License-Identifier: MIT
#include "cluster/etcd/api.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace {

using namespace parlor::etcd;
using nlohmann::json;

template <class T>
T good(const answer<T>& x) {
  if (auto* bad = std::get_if<failure>(&x))
    FAIL(bad->reason);
  return std::get<T>(x);
}

template <class T>
failure bad(const answer<T>& x) {
  REQUIRE(std::holds_alternative<failure>(x));
  return std::get<failure>(x);
}

// What etcd 3.4.23 answered.
const std::string header
  = R"("header":{"cluster_id":"13855195601754181634",)"
    R"("member_id":"1681375477556051439","revision":"77","raft_term":"2"})";
const std::string stored = R"({"key":"Zm9v","create_revision":"5",)"
                           R"("mod_revision":"9","version":"1",)"
                           R"("value":"YmFy","lease":"123"})";

const entry foo{"foo", "bar", 5, 9, lease_id{123}};

} // namespace

TEST_CASE("requests are what etcd's documentation shows") {
  CHECK(json::parse(grant_lease(5).body) == json{{"TTL", "5"}});
  CHECK(json::parse(keep_alive(lease_id{9074649885604689925}).body)
        == json{{"ID", "9074649885604689925"}});
  CHECK(json::parse(revoke(lease_id{-1}).body) == json{{"ID", "-1"}});
  CHECK(json::parse(make_key("foo", "bar", lease_id{7}).body)
        == json::parse(R"({"compare":[{"key":"Zm9v","target":"CREATE",
             "result":"EQUAL","create_revision":"0"}],
             "success":[{"request_put":{"key":"Zm9v","value":"YmFy",
             "lease":"7"}}],
             "failure":[{"request_range":{"key":"Zm9v"}}]})"));
  CHECK(json::parse(change_key("foo", 5, "bar", lease_id{7}).body)
        == json::parse(R"({"compare":[{"key":"Zm9v","target":"CREATE",
             "result":"EQUAL","create_revision":"5"}],
             "success":[{"request_put":{"key":"Zm9v","value":"YmFy",
             "lease":"7"}}],"failure":[]})"));
  CHECK(json::parse(delete_key("foo", 5).body)
        == json::parse(R"({"compare":[{"key":"Zm9v","target":"CREATE",
             "result":"EQUAL","create_revision":"5"}],
             "success":[{"request_delete_range":{"key":"Zm9v"}}],
             "failure":[]})"));
  CHECK(json::parse(replace_key("foo", 9, "bar").body)
        == json::parse(R"({"compare":[{"key":"Zm9v","target":"MOD",
             "result":"EQUAL","mod_revision":"9"}],
             "success":[{"request_put":{"key":"Zm9v","value":"YmFy"}}],
             "failure":[]})"));
  // "fom/" to "fon0".
  CHECK(json::parse(read_all("fom/", "fon/", 8).body)
        == json::parse(R"({"key":"Zm9tLw==","range_end":"Zm9uMA==",
             "revision":"8"})"));
  // Both are deleted, or the challenge and nothing else.
  CHECK(json::parse(settle_challenge("bar", 6, "foo", 5).body)
        == json::parse(R"({"compare":[{"key":"YmFy","target":"CREATE",
             "result":"EQUAL","create_revision":"6"},
             {"key":"Zm9v","target":"CREATE",
             "result":"EQUAL","create_revision":"5"}],
             "success":[{"request_delete_range":{"key":"YmFy"}},
             {"request_delete_range":{"key":"Zm9v"}}],
             "failure":[{"request_delete_range":{"key":"YmFy"}},
             {"request_range":{"key":"Zm9v"}}]})"));
  // From "fom/" to "fon0".
  CHECK(json::parse(watch_all("fom/", "fon/", 9).body)
        == json::parse(R"({"create_request":{"key":"Zm9tLw==",
             "range_end":"Zm9uMA==","start_revision":"9",
             "progress_notify":true}})"));
}

TEST_CASE("every answer says which store it is of") {
  store it{"13855195601754181634", 77};
  CHECK(read_store("{" + header + R"(,"ID":"1"})") == it);
  CHECK(read_store("{\"result\":{" + header + "}}") == it);
  for (auto other : {"", "{}", "[]", R"({"header":7})", R"({"result":[]})",
                     R"({"header":{"cluster_id":5}})"})
    CHECK(read_store(other) == store{});
}

TEST_CASE("a lease is granted with its id and TTL") {
  auto x = good(read_grant(
    200, "{" + header + R"(,"ID":"9074649885604689925","TTL":"2"})"));
  CHECK(x.lease == lease_id{9074649885604689925});
  CHECK(x.ttl == 2);
  bad(read_grant(200, "{" + header + "}"));
  bad(read_grant(200, "{" + header + R"(,"ID":"1","TTL":"-2"})"));
  // In nanoseconds, the first is none that fits, and the second one second.
  bad(read_grant(200, "{" + header + R"(,"ID":"1","TTL":"9223372036"})"));
  bad(read_grant(200, "{" + header + R"(,"ID":"1","TTL":"18446744074"})"));
  bad(read_grant(200,
                 "{" + header + R"(,"ID":"1","TTL":"18446744073709551617"})"));
}

TEST_CASE("a renewed lease has time left, and one that is gone has none") {
  auto with = [](const std::string& rest) {
    return good(read_keep_alive(200, "{\"result\":{" + header + rest + "}}"));
  };
  CHECK(with(R"(,"ID":"123","TTL":"5")") == 5);
  CHECK(with(R"(,"ID":"123")") == 0);
  bad(read_keep_alive(200, "{}"));
  bad(read_keep_alive(200, R"({"result":{}})"));
}

TEST_CASE("a transaction says whether its guard held, and what it read") {
  auto done = good(read_outcome(
    200,
    "{" + header + R"(,"succeeded":true,"responses":[{"response_put":{}}]})"));
  CHECK(done.succeeded);
  CHECK(done.revision == 77);
  CHECK(done.found.empty());
  auto not_done = good(read_outcome(
    200, "{" + header + R"(,"responses":[{"response_range":{"kvs":[)" + stored
           + R"(],"count":"1"}}]})"));
  CHECK_FALSE(not_done.succeeded);
  CHECK(not_done.found == std::vector{foo});
}

TEST_CASE("a range has its entries, and may have none") {
  auto some = good(read_range(200, "{" + header + R"(,"kvs":[)" + stored
                                     + R"(],"count":"1"})"));
  CHECK(some.revision == 77);
  CHECK(some.entries == std::vector{foo});
  CHECK(good(read_range(200, "{" + header + "}")).entries.empty());
}

TEST_CASE("a watch tells of changes in their order") {
  auto x = good(read_watch_step(
    "{\"result\":{" + header + R"(,"events":[{"kv":)" + stored
    + R"(},{"type":"DELETE","kv":{"key":"Zm9v","mod_revision":"10"}}]}})"));
  REQUIRE(x.changes.size() == 2);
  CHECK(x.changes[0] == change{false, foo});
  CHECK(x.changes[1] == change{true, {"foo", "", 0, 10, lease_id{}}});
  CHECK_FALSE(x.created);
  CHECK_FALSE(x.canceled);
  CHECK(good(read_watch_step("{\"result\":{" + header + R"(,"created":true}})"))
          .created);
}

TEST_CASE("a watch that is compacted says so, without a revision") {
  auto x = good(
    read_watch_step(R"({"result":{"header":{"raft_term":"2"},"canceled":true,)"
                    R"("compact_revision":"2"}})"));
  CHECK(x.canceled);
  CHECK(x.compacted);
}

TEST_CASE("changes out of order are refused") {
  auto one = [](int revision) {
    return R"({"kv":{"key":"Zm9v","mod_revision":")" + std::to_string(revision)
           + "\"}}";
  };
  auto line = [&](int x, int y) {
    return "{\"result\":{" + header + R"(,"events":[)" + one(x) + "," + one(y)
           + "]}}";
  };
  CHECK(good(read_watch_step(line(5, 5))).changes.size() == 2);
  bad(read_watch_step(line(6, 5)));
}

TEST_CASE("what etcd says against a request is its reason") {
  auto x = bad(read_outcome(
    404, R"({"error":"etcdserver: requested lease not found",)"
         R"("message":"etcdserver: requested lease not found","code":5})"));
  CHECK(x.reason == "etcd says: etcdserver: requested lease not found");
  CHECK(x.lease_is_gone);
  auto y = bad(read_range(503, R"({"error":"etcdserver: leader changed",)"
                               R"("message":"etcdserver: leader changed",)"
                               R"("code":14})"));
  CHECK_FALSE(y.lease_is_gone);
  auto z = bad(read_watch_step(
    R"({"error":{"grpc_code":14,"http_code":503,)"
    R"("message":"etcdserver: no leader","http_status":"Unavailable"}})"));
  CHECK(z.reason == "etcd says: etcdserver: no leader");
  CHECK_FALSE(z.lease_is_gone);
  bad(read_range(502, "<html>Bad Gateway</html>"));
  CHECK(bad(read_range(500, "{\"message\":\"" + std::string(5000, 'x') + "\"}"))
          .reason.size()
        < 300);
}

TEST_CASE("an answer that makes no sense is refused by all that read it") {
  for (std::string body :
       {"",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        "{}",
        "{\"header\":7}",
        "{\"header\":{\"revision\":\"x\"}}",
        "{\"header\":{\"revision\":\"-7\"}}",
        "{\"header\":{\"revision\":\"\"}}",
        "{\"header\":{\"revision\":1.5}}",
        "{\"header\":{\"revision\":true}}",
        "{\"header\":{\"revision\":[7]}}",
        "{\"header\":{\"revision\":\"9223372036854775808\"}}",
        "{\"header\":{\"revision\":18446744073709551615}}",
        "{\"header\":{\"revision\":\" 7\"}}",
        "{\"result\":7}",
        "{\"result\":null}",
        "{\"result\":[]}",
        "\xFF\xFE",
        "{\"error\":null}",
        "{\"error\":7}",
        "{\"error\":{\"message\":7}}",
        "{\"error\":\"x\",\"code\":\"y\"}"}) {
    INFO(body);
    bad(read_grant(200, body));
    bad(read_keep_alive(200, body));
    bad(read_outcome(200, body));
    bad(read_range(200, body));
    bad(read_watch_step(body));
  }
}

TEST_CASE("an entry that makes no sense is refused") {
  for (std::string one :
       {"7", "null", "{}", R"({"key":""})", R"({"key":7})", R"({"key":"Z"})",
        R"({"key":"Zm9v","value":"!"})", R"({"key":"Zm9v","lease":"x"})",
        R"({"key":"Zm9v","create_revision":"-1"})",
        R"({"key":"Zm9v","mod_revision":{}})"}) {
    INFO(one);
    bad(read_range(200, "{" + header + R"(,"kvs":[)" + one + "]}"));
    bad(read_watch_step("{\"result\":{" + header + R"(,"events":[{"kv":)" + one
                        + "}]}}"));
  }
  for (std::string list : {"7", "{}", "\"x\"", "true"}) {
    bad(read_range(200, "{" + header + R"(,"kvs":)" + list + "}"));
    bad(read_watch_step("{\"result\":{" + header + R"(,"events":)" + list
                        + "}}"));
    bad(read_outcome(200, "{" + header + R"(,"responses":)" + list + "}"));
  }
  bad(read_outcome(200, "{" + header + R"(,"succeeded":"true"})"));
  bad(read_watch_step("{\"result\":{" + header + R"(,"events":[{"kv":)" + stored
                      + R"(,"type":"MOVE"}]}})"));
}

TEST_CASE("no answer that is cut short or changed by a byte is a surprise") {
  auto whole = "{\"result\":{" + header + R"(,"events":[{"kv":)" + stored
               + R"(},{"type":"DELETE","kv":{"key":"Zm9v",)"
                 R"("mod_revision":"10"}}]}})";
  for (size_t i = 0; i < whole.size(); ++i) {
    bad(read_watch_step(whole.substr(0, i)));
    for (char c : {'"', '{', '}', ',', '0', 'x', '\0', '\xFF'}) {
      auto text = whole;
      text[i] = c;
      // Either way is right, as long as it comes back.
      read_watch_step(text);
      read_range(200, text);
      read_outcome(200, text);
    }
  }
  std::string deep(100'000, '[');
  bad(read_range(200, deep));
}
