// SPDX-License-Identifier: MIT
#include "messages/wire/json_scan.hpp"
#include "messages/wire/json_text.hpp"
#include "messages/wire/names.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <vector>

using namespace parlor::wire;
using nlohmann::ordered_json;

namespace {

const std::vector<std::string> documents{
  R"({"type":"chat","room":"r1","content":"hello"})",
  R"({"type":"join","room":"tea","id":17,"since":{"epoch":"a-1","seq":12}})",
  R"({"a":[1,-2,3.5e10,0.25,-0],"b":{"c":{"d":[[],{}]}},"e":"\u00e9\n\"x\\"})",
  R"({"\u0061":true,"a":false,"k\ud83d\ude00":null, "z" : [ 1 , 2 ] })",
  R"([{"id":"x","v":[1e-7,1E+2,"\ud83d\ude00"]},null,true,false,"你好 ☕ 😀"])",
  R"({"n":18446744073709551615,"m":-9223372036854775808,"f":1.5e300})",
  "\t{ \"a\" :\n[ ]\r, \"\" : \"\" }  ",
  R"("just a string \\ \/ \b\f\n\r\t")",
};

// Without NUL, at which nlohmann's parser takes the text for ended.
const std::string alphabet
  = "{}[]:,\"\"\\\\/ \t\n\rtruefalsn0123456789-+.eEubcdD8\x01\x1F\x7F\xC3\xA9"
    "\xE2\x98\x95\xED\xF0\x80\xBF\xFF";

/// Texts near to the documents, the same in every run.
class mutator {
public:
  std::string next() {
    auto result = documents[below(documents.size())];
    for (auto n = below(4); n > 0; --n)
      mutate(result);
    return result;
  }

private:
  size_t below(size_t n) { return random_() % n; }

  char letter() { return alphabet[below(alphabet.size())]; }

  void mutate(std::string& text) {
    auto at = below(text.size() + 1);
    auto& other = documents[below(documents.size())];
    switch (below(7)) {
      case 0:
        text.erase(at, 1 + below(3));
        break;
      case 1:
        text.insert(at, 1, letter());
        break;
      case 2:
        if (at < text.size())
          text[at] = letter();
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text.insert(at, other.substr(below(other.size()), 1 + below(8)));
        break;
      case 5:
        text.insert(at, text.substr(at, below(12)));
        break;
      default:
        text.insert(at, other);
    }
  }

  std::mt19937 random_{20261121};
};

enum class opinion { accepts, rejects, number_too_big };

opinion opinion_of_nlohmann(const std::string& text) {
  try {
    auto ignored = ordered_json::parse(text);
    return opinion::accepts;
  } catch (const ordered_json::out_of_range&) {
    // Above what a double holds, which ends the parse; nothing is known of
    // the grammar behind it.
    return opinion::number_too_big;
  } catch (const ordered_json::parse_error&) {
    return opinion::rejects;
  }
}

/// Nobody would agree on a byte order mark: nlohmann skips it.
bool comparable(const std::string& text) {
  return !text.starts_with("\xEF\xBB\xBF");
}

void check_split(const std::string& text) {
  auto expected = ordered_json::parse(text);
  std::vector<std::string> names;
  for (auto& [key, value] : expected.items())
    names.push_back(key);
  std::vector<json::member> wanted;
  for (auto& name : names)
    wanted.push_back({name, {}});
  wanted.push_back({"a name that is in none of them", {}});
  REQUIRE(json::scan(text, json::max_depth, wanted) == json::finding::object);
  for (size_t i = 0; i < names.size(); ++i) {
    INFO(names[i]);
    auto& value = expected[names[i]];
    REQUIRE(ordered_json::parse(wanted[i].value) == value);
    if (value.is_string())
      REQUIRE(json::decoded(wanted[i].value) == value.get<std::string>());
  }
  REQUIRE(wanted.back().value.empty());
}

} // namespace

TEST_CASE("the scanner and nlohmann's parser agree on what JSON is") {
  mutator source;
  size_t accepted = 0;
  size_t objects = 0;
  for (int i = 0; i < 40000; ++i) {
    auto text = source.next();
    if (!comparable(text))
      continue;
    INFO(text);
    auto found = json::scan(text, json::max_depth, {});
    auto good = valid_utf8(text) && found != json::finding::malformed;
    auto expected = opinion_of_nlohmann(text);
    if (expected == opinion::number_too_big)
      continue;
    REQUIRE(good == (expected == opinion::accepts));
    if (!good)
      continue;
    ++accepted;
    REQUIRE((found == json::finding::object)
            == ordered_json::parse(text).is_object());
    if (found != json::finding::object)
      continue;
    ++objects;
    check_split(text);
  }
  // Else the mutations are too wild to show anything.
  CHECK(accepted > 10000);
  CHECK(accepted < 30000);
  CHECK(objects > 5000);
}

TEST_CASE("compacting changes nothing but whitespace") {
  mutator source;
  for (int i = 0; i < 10000; ++i) {
    auto text = source.next();
    if (!comparable(text) || opinion_of_nlohmann(text) != opinion::accepts)
      continue;
    INFO(text);
    std::string compact;
    json::append_compact(compact, text);
    REQUIRE(ordered_json::parse(compact) == ordered_json::parse(text));
    std::string again;
    json::append_compact(again, compact);
    REQUIRE(again == compact);
  }
}
