// SPDX-License-Identifier: MIT
#include "transport/url.hpp"

#include "tests/support/catch.hpp"

using namespace parlor::transport;

TEST_CASE("percent-encoded bytes are decoded", "[url]") {
  CHECK(percent_decoded("") == "");
  CHECK(percent_decoded("plain+text") == "plain+text");
  CHECK(percent_decoded("%41%6a%6A") == "Ajj");
  CHECK(percent_decoded("%C3%BC") == "\xC3\xBC");
  CHECK(percent_decoded("a%00b") == std::string("a\0b", 3));
  CHECK(percent_decoded("%2541") == "%41");
}

TEST_CASE("a percent sign without two digits is no encoding", "[url]") {
  for (auto text : {"%", "%4", "%zz", "a%", "a%4", "%4g", "%g4", "%%41", "% 41",
                    "%+1", "%-1", "%0x"})
    CHECK_FALSE(percent_decoded(text));
}

TEST_CASE("a target is split before it is decoded", "[url]") {
  auto parsed = parse_url("/ws/a%2Fb%3Fc?room=x%26y&room=p+q&flag&=v");
  REQUIRE(parsed);
  CHECK(parsed->path == std::vector<std::string>{"ws", "a/b?c"});
  CHECK(parsed->query
        == std::vector<std::pair<std::string, std::string>>{
          {"room", "x&y"}, {"room", "p q"}, {"flag", ""}, {"", "v"}});
  CHECK(parsed->find("room") == "x&y");
  CHECK(parsed->find("flag") == "");
  CHECK_FALSE(parsed->find("absent"));
}

TEST_CASE("empty segments and empty queries are kept apart", "[url]") {
  CHECK(parse_url("/")->path == std::vector<std::string>{""});
  CHECK(parse_url("/ws/")->path == std::vector<std::string>{"ws", ""});
  CHECK(parse_url("//ws")->path == std::vector<std::string>{"", "ws"});
  CHECK(parse_url("/?")->query.empty());
  CHECK(parse_url("/?&&")->query.empty());
  CHECK(parse_url("/a?b?c=d")->find("b?c") == "d");
}

TEST_CASE("what is no path is no target", "[url]") {
  for (auto target :
       {"", "*", "ws", "http://host/ws", "?a=b", "/a%", "/a?b=%z", "/a?%=b"})
    CHECK_FALSE(parse_url(target));
}
