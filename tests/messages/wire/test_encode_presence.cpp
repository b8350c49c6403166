// SPDX-License-Identifier: MIT
#include "messages/wire/encode.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace parlor;
using wire::encode;

namespace {

const room_name tea{"tea"};
const user_id ann{"ann"};
const user_id bob{"b\"ob"};
const connection_id one{0, 1, 1};
const connection_id two{1, 2, 3};

/// The one form of both JSON dialects, of an event that text says nothing of.
template <class Event>
std::string json_only(const Event& x) {
  CHECK(encode(x, dialect::text).empty());
  CHECK(encode(x, dialect::typed) == encode(x, dialect::action));
  std::string text{encode(x, dialect::typed).text()};
  CHECK(nlohmann::ordered_json::parse(text).dump() == text);
  return text;
}

} // namespace

TEST_CASE("a signal is encoded with who sends it") {
  CHECK(json_only(event::signal{tea, ann, "ty\"ping", R"({"on":true})"})
        == R"({"type":"signal","room":"tea","name":"ty\"ping",)"
           R"("data":{"on":true},"user_id":"ann"})");
}

TEST_CASE("presence is encoded by user and connection") {
  event::presences all{{ann, {{one, "1"}, {two, R"({"a":[2]})"}}},
                       {bob, {{one, "null"}}}};
  CHECK(json_only(event::presence_state{tea, 2, all})
        == R"({"type":"presence_state","room":"tea","state":{)"
           R"("ann":[{"connection":"0000000100000001","data":1},)"
           R"({"connection":"0100000200000003","data":{"a":[2]}}],)"
           R"("b\"ob":[{"connection":"0000000100000001","data":null}]}})");
  CHECK(json_only(event::presence_state{tea, 0, event::presences{}})
        == R"({"type":"presence_state","room":"tea","state":{}})");
  CHECK(json_only(event::presence_state{tea, 101, {}})
        == R"({"type":"presence_state","room":"tea","count":101})");
}

TEST_CASE("a change of presence is encoded as joins and leaves") {
  event::presence_diff x{tea, 1, {{{{ann, {{one, "1"}}}}, {}}}};
  CHECK(json_only(x)
        == R"({"type":"presence_diff","room":"tea","joins":{)"
           R"("ann":[{"connection":"0000000100000001","data":1}]},)"
           R"("leaves":{}})");
  CHECK(json_only(event::presence_diff{tea, 101, {}})
        == R"({"type":"presence_diff","room":"tea","count":101})");
}
