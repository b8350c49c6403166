// SPDX-License-Identifier: MIT
#include "app/option_value.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>
#include <limits>
#include <string>

using namespace parlor;
using namespace std::chrono_literals;
using enum option_value::kind;
using lines = std::vector<std::string>;

namespace {

std::optional<int64_t> integer(std::string text) {
  return to_integer({bare, std::move(text), {}});
}

std::optional<std::chrono::nanoseconds> duration(std::string text) {
  return to_duration({argument, std::move(text), {}});
}

} // namespace

TEST_CASE("an integer is judged before it could wrap", "[value]") {
  CHECK(integer("0") == 0);
  CHECK(integer("+5") == 5);
  CHECK(integer("-5") == -5);
  CHECK(integer("9223372036854775807") == std::numeric_limits<int64_t>::max());
  CHECK(integer("0x1F") == 31);
  CHECK(integer("0b11") == 3);
  CHECK(integer("017") == 15);
  for (auto text :
       {"", "-", "+", "--1", "1.5", "1 ", " 1", "1e3", "x", "0x", "0b2", "08",
        "9223372036854775808", "18446744073709551616", "18446744073709551617",
        "99999999999999999999999999", "-9223372036854775809", "1s", "1,2"}) {
    INFO(text);
    CHECK_FALSE(integer(text));
  }
  CHECK_FALSE(to_integer({quoted, "1", {}}));
  CHECK_FALSE(to_integer({list, "", {{bare, "1", {}}}}));
}

TEST_CASE("a duration is judged before it could wrap", "[value]") {
  CHECK(duration("5ns") == 5ns);
  CHECK(duration("5us") == 5us);
  CHECK(duration("300ms") == 300ms);
  CHECK(duration("15s") == 15s);
  CHECK(duration("5min") == 5min);
  CHECK(duration("24h") == 24h);
  CHECK(duration("-1s") == -1s);
  CHECK(duration("0s") == 0s);
  for (auto text :
       {"", "5", "s", "5 s", "5m", "5d", "5S", "1.5s", "5s5ms", "2562048h",
        "5124096h", "153722868min", "9223372037s", "18446744074s",
        "307445734561825861min", "9223372036854775808ns"}) {
    INFO(text);
    CHECK_FALSE(duration(text));
  }
}

TEST_CASE("an argument is a list between commas, or in brackets", "[value]") {
  auto texts = [](std::string text) {
    return to_texts({argument, std::move(text), {}});
  };
  CHECK(texts("") == lines{});
  CHECK(texts("a") == lines{"a"});
  CHECK(texts("a,,b,") == lines{"a", "", "b", ""});
  CHECK(texts("http://[::1]:2379,http://[::2]:2379")
        == lines{"http://[::1]:2379", "http://[::2]:2379"});
  CHECK(texts(R"(["a", "b,c"])") == lines{"a", "b,c"});
  CHECK(texts("[]") == lines{});
  CHECK_FALSE(texts("[1]"));
  CHECK_FALSE(texts("[\"a\""));
  CHECK_FALSE(texts("[\"a\"]b"));
}

TEST_CASE("texts are in quotes but for arguments", "[value]") {
  CHECK(to_text({quoted, "a", {}}) == "a");
  CHECK(to_text({argument, "\"a", {}}) == "\"a");
  CHECK_FALSE(to_text({bare, "a", {}}));
  CHECK_FALSE(to_texts({quoted, "a", {}}));
  CHECK_FALSE(to_texts({list, "", {{bare, "a", {}}}}));
  CHECK(to_flag({bare, "true", {}}) == true);
  CHECK_FALSE(to_flag({bare, "yes", {}}));
  CHECK_FALSE(to_flag({quoted, "true", {}}));
}
