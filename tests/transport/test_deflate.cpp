// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/zlib_peer.hpp"
#include "transport/deflater.hpp"
#include "transport/inflater.hpp"

#include <array>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace parlor::transport;

namespace {

constexpr size_t plenty = 1 << 20;

using outcome = inflater::outcome;

std::vector<std::string> texts() {
  std::vector<std::string> result;
  for (size_t size : {0u, 1u, 63u, 64u, 255u, 4096u, 5000u, 65535u, 65536u}) {
    result.push_back(prose(size));
    result.push_back(noise(size));
    result.push_back(std::string(size, 'x'));
  }
  return result;
}

outcome judged(std::string_view payload, size_t most = plenty) {
  inflater one;
  std::string text;
  return one.inflate(payload, most, text);
}

} // namespace

TEST_CASE("what is compressed is inflated by zlib and by us", "[deflate]") {
  deflater there;
  inflater back;
  for (auto& text : texts()) {
    frame plain{text};
    auto form = there.form_of(plain);
    CAPTURE(text.size(), text.substr(0, 8));
    if (form == plain)
      continue;
    CHECK(form.bytes()[0] == '\xC1');
    CHECK(form.bytes().size() < plain.bytes().size());
    CHECK(unpacked(form.text(), deflater::window_bits) == text);
    std::string mine;
    CHECK(back.inflate(form.text(), plenty, mine) == outcome::good);
    CHECK(mine == text);
  }
}

TEST_CASE("what gets no shorter stays as it is", "[deflate]") {
  deflater one;
  for (const auto& text : {noise(64), noise(100000), std::string{"x"}}) {
    frame plain{text};
    auto form = one.form_of(plain);
    CHECK((form.bytes().data() == plain.bytes().data()
           || form.bytes().size() < plain.bytes().size()));
  }
  frame once{noise(64)};
  one.form_of(once);
  auto before = one.runs();
  CHECK(one.form_of(once) == once);
  CHECK(one.runs() == before);
}

TEST_CASE("a frame is compressed once, whoever asks", "[deflate]") {
  deflater one;
  deflater other;
  frame plain{prose(500)};
  auto copy = plain;
  auto form = one.form_of(plain);
  CHECK(other.form_of(copy).bytes().data() == form.bytes().data());
  CHECK(one.runs() == 1);
  CHECK(other.runs() == 0);
}

TEST_CASE("no form depends on the messages before it", "[deflate]") {
  deflater one;
  frame first{prose(500)};
  frame again{prose(500)};
  CHECK(one.form_of(first) == one.form_of(again));
}

TEST_CASE("payloads that are below a small window fit into it", "[deflate]") {
  deflater one;
  for (int bits = 9; bits <= 11; ++bits)
    for (unsigned seed = 0; seed < 50; ++seed) {
      frame plain{prose((size_t{1} << bits) - 5, seed)};
      CHECK(unpacked(one.form_of(plain).text(), bits) == plain.text());
    }
}

TEST_CASE("what any sender compresses is inflated", "[deflate]") {
  inflater one;
  for (auto& text : texts())
    for (int level : {0, 1, 6, 9})
      for (bool finish : {false, true}) {
        CAPTURE(text.size(), text.substr(0, 8), level, finish);
        std::string mine;
        CHECK(one.inflate(packed(text, level, finish), plenty, mine)
              == outcome::good);
        CHECK(mine == text);
      }
}

TEST_CASE("the examples of RFC 7692 are inflated", "[deflate]") {
  // §7.2.3.1, .3, .4, .5 and .6.
  for (const auto& payload :
       {std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7),
        std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11),
        std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8),
        std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
                    13)}) {
    inflater one;
    std::string text;
    CHECK(one.inflate(payload, plenty, text) == outcome::good);
    CHECK(text == "Hello");
  }
  inflater one;
  std::string text = "old";
  CHECK(one.inflate({"\0", 1}, plenty, text) == outcome::good);
  CHECK(text.empty());
}

TEST_CASE("a message of the limit is good, and one byte more is too big",
          "[deflate]") {
  for (size_t size : {0u, 1u, 1000u, 16383u, 16384u, 16385u, 65536u}) {
    CAPTURE(size);
    CHECK(judged(packed(prose(size)), size) == outcome::good);
    CHECK(judged(packed(prose(size + 1)), size) == outcome::too_big);
  }
}

TEST_CASE("a bomb is found before it is large", "[deflate]") {
  auto bomb = packed(std::string(64 << 20, '\0'), 9);
  REQUIRE(bomb.size() < 70000);
  inflater one;
  std::string text;
  CHECK(one.inflate(bomb, 65536, text) == outcome::too_big);
  CHECK(text.size() <= 65536);
  CHECK(text.capacity() <= 2 * 65536);
  // And spoils nothing.
  CHECK(one.inflate(packed("next"), 65536, text) == outcome::good);
  CHECK(text == "next");
}

TEST_CASE("what is no compressed message is corrupt", "[deflate]") {
  auto good = packed(prose(300));
  CHECK(judged(good) == outcome::good);
  CHECK(judged("") == outcome::corrupt);
  CHECK(judged("\xFF\xFF\xFF\xFF") == outcome::corrupt);
  CHECK(judged("\x07") == outcome::corrupt);
  for (size_t size = 1; size < good.size(); ++size)
    CHECK(judged(std::string_view{good}.substr(0, size)) == outcome::corrupt);
  // It refers to what was before it: takeover was not agreed on.
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  auto text = prose(300);
  std::array<char, 1000> out;
  size_t size = 0;
  for (int i = 0; i < 2; ++i) {
    z.next_in = bytes_of(text);
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = bytes_of({out.data(), out.size()});
    z.avail_out = out.size();
    deflate(&z, Z_SYNC_FLUSH);
    size = out.size() - z.avail_out;
  }
  deflateEnd(&z);
  CHECK(judged({out.data(), size - 4}) == outcome::corrupt);
}

TEST_CASE("whatever the bytes, inflating ends", "[deflate]") {
  inflater one;
  std::mt19937 random{20261121};
  auto good = packed(prose(2000));
  std::string text;
  for (int i = 0; i < 20000; ++i) {
    auto bytes = i % 2 == 0 ? good
                            : noise(random() % 100, static_cast<unsigned>(i));
    for (int changes = 0; changes < 3 && !bytes.empty(); ++changes)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    auto found = one.inflate(bytes, 3000, text);
    CHECK((found != outcome::good || text.size() <= 3000));
  }
}
