// SPDX-License-Identifier: MIT
#include "cluster/etcd/line_reader.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

std::vector<std::string> all(parlor::etcd::line_reader& from) {
  std::vector<std::string> result;
  while (auto line = from.next())
    result.emplace_back(*line);
  return result;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("lines are the same however the stream is cut") {
  std::string stream = "one\n\ntwo and more\nthree\nrest";
  for (size_t piece = 1; piece <= stream.size(); ++piece) {
    parlor::etcd::line_reader reader{100};
    lines seen;
    for (size_t i = 0; i < stream.size(); i += piece) {
      REQUIRE(reader.feed(stream.substr(i, piece)));
      for (auto& line : all(reader))
        seen.push_back(line);
    }
    CHECK(seen == lines{"one", "", "two and more", "three"});
  }
}

TEST_CASE("a line without an end is refused") {
  parlor::etcd::line_reader reader{8};
  REQUIRE(reader.feed("1234\n5678"));
  CHECK(all(reader) == lines{"1234"});
  REQUIRE(reader.feed("9012"));
  CHECK_FALSE(reader.feed("3"));
}
