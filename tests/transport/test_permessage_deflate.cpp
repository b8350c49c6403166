// SPDX-License-Identifier: MIT
#include "transport/permessage_deflate.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"
#include "transport/extension_offers.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace parlor::transport;

namespace {

constexpr std::string_view name = "Sec-WebSocket-Extensions";

std::optional<deflate_terms> judged(std::string_view value) {
  return accept_deflate(head_of("GET", "/ws", {{name, value}}));
}

/// Offers as "name name=value", with "|" between them.
std::string shown(std::string_view value) {
  std::string result;
  for (auto& offer : extension_offers(value)) {
    result += (result.empty() ? "" : "|") + std::string{offer.name};
    for (auto& x : offer.parameters)
      result += " " + std::string{x.name}
                + (x.value ? "=" + *x.value : std::string{});
  }
  return result;
}

} // namespace

TEST_CASE("offers of extensions are read", "[deflate]") {
  const std::vector<std::pair<std::string_view, std::string_view>> table{
    {"", ""},
    {"a", "a"},
    {"a, b", "a|b"},
    {"a,,b,", "a|b"},
    {" a\t;\tx ; y = 1 , b", "a x y=1|b"},
    {"a; x=\"1\"; y=\"t\\o\"", "a x=1 y=to"},
    {"a;x;x", "a x x"},
    {"aAzZ09; !#$%&'*+-.^_`|~=1", "aAzZ09 !#$%&'*+-.^_`|~=1"},
    {"a; x=\"\\a\\b\"", "a x=ab"},
    // Malformed, from here on.
    {";", ""},
    {"a;", ""},
    {"a; ,b", ""},
    {"a b", ""},
    {"a; x y", ""},
    {"a; x=", ""},
    {"a; =1", ""},
    {"a; x=\"\"", ""},
    {"a; x=\"1", ""},
    {"a; x=\"1\\", ""},
    {"a; x=\"1, b\"", ""},
    {"a; x=\"y, permessage-deflate, z\"", ""},
    {"a; x=1\"2\"", ""},
    {"a/b", ""},
    {"a:b", ""},
    {"a@b", ""},
    {"a[b", ""},
    {"a{b", ""},
    {"a; x=\"1\\\"", ""},
    {"a, \x80", ""},
  };
  for (auto& [value, offers] : table) {
    CAPTURE(value);
    CHECK(shown(value) == offers);
  }
}

TEST_CASE("good offers are accepted", "[deflate]") {
  const std::vector<std::pair<std::string_view, deflate_terms>> table{
    {"permessage-deflate", {}},
    {"PerMessage-Deflate", {}},
    {"permessage-deflate; client_max_window_bits", {}},
    {"permessage-deflate; client_max_window_bits=8", {}},
    {"permessage-deflate; client_max_window_bits=\"15\"", {}},
    {"permessage-deflate; server_no_context_takeover", {}},
    {"permessage-deflate; client_no_context_takeover", {}},
    {"permessage-deflate; server_max_window_bits=8", {8}},
    {"permessage-deflate; server_max_window_bits=9", {9}},
    {"permessage-deflate; server_max_window_bits=10", {10}},
    {"permessage-deflate;server_max_window_bits=\"15\"", {15}},
    // What Firefox, python3-websockets and ws offer.
    {"permessage-deflate; server_max_window_bits=12; "
     "client_max_window_bits=12",
     {12}},
    {"permessage-deflate; client_max_window_bits; "
     "server_no_context_takeover; client_no_context_takeover; "
     "server_max_window_bits=11",
     {11}},
    // The first one that can be accepted.
    {"x-webkit-deflate-frame, permessage-deflate", {}},
    {"permessage-deflate; server_max_window_bits=10, permessage-deflate", {10}},
    {"permessage-deflate; server_max_window_bits=16, permessage-deflate; "
     "server_max_window_bits=9, permessage-deflate",
     {9}},
  };
  for (auto& [value, terms] : table) {
    CAPTURE(value);
    CHECK(judged(value) == terms);
  }
}

TEST_CASE("bad offers are declined", "[deflate]") {
  for (std::string_view parameters :
       {"server_no_context_takeover=1",
        "client_no_context_takeover=true",
        "server_max_window_bits",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=08",
        "server_max_window_bits=1",
        "server_max_window_bits=100",
        "server_max_window_bits=-9",
        "server_max_window_bits=+9",
        "server_max_window_bits=9x",
        "server_max_window_bits=\"\"",
        "client_max_window_bits=7",
        "client_max_window_bits=16",
        "client_max_window_bits=010",
        "client_max_window_bits=",
        "server_no_context_takeover; server_no_context_takeover",
        "client_max_window_bits; client_max_window_bits=9",
        "server_max_window_bits=9; Server_Max_Window_Bits=9",
        "memory=much",
        "memory",
        ""}) {
    CAPTURE(parameters);
    CHECK_FALSE(judged("permessage-deflate; " + std::string{parameters}));
  }
  CHECK_FALSE(judged(""));
  CHECK_FALSE(judged("permessage-bzip2"));
  CHECK_FALSE(judged("x-webkit-deflate-frame"));
  CHECK_FALSE(accept_deflate(head_of("GET", "/ws", {})));
}

TEST_CASE("offers may come in several headers", "[deflate]") {
  CHECK(accept_deflate(
    head_of("GET", "/ws", {{name, "a b"}, {name, "permessage-deflate"}})));
}

TEST_CASE("an answer names both takeovers and the window asked for",
          "[deflate]") {
  const std::string plain = "permessage-deflate; server_no_context_takeover; "
                            "client_no_context_takeover";
  CHECK(deflate_answer({}) == plain);
  CHECK(deflate_answer({8}) == plain + "; server_max_window_bits=8");
  CHECK(deflate_answer({11}) == plain + "; server_max_window_bits=11");
  CHECK(deflate_answer({12}) == plain + "; server_max_window_bits=12");
  CHECK(deflate_answer({15}) == plain + "; server_max_window_bits=12");
}

TEST_CASE("a small window is no smaller than what is sent compressed",
          "[deflate]") {
  auto sends = [](const std::optional<deflate_terms>& x, uint32_t size) {
    return size >> deflate_reach(x) == 0;
  };
  CHECK_FALSE(sends(std::nullopt, 64));
  CHECK(sends(deflate_terms{}, 1u << 30));
  CHECK(sends(deflate_terms{12}, 1u << 30));
  CHECK(sends(deflate_terms{15}, 1u << 30));
  CHECK(sends(deflate_terms{8}, 255));
  CHECK_FALSE(sends(deflate_terms{8}, 256));
  CHECK(sends(deflate_terms{11}, 2047));
  CHECK_FALSE(sends(deflate_terms{11}, 2048));
}
