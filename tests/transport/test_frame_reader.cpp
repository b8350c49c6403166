// SPDX-License-Identifier: MIT
#include "transport/frame_reader.hpp"

#include "messages/wire/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/reading.hpp"
#include "tests/transport/zlib_peer.hpp"

#include <random>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace parlor::transport;

namespace {

constexpr size_t limit = reading_limit;

struct expectation {
  std::string bytes;
  std::vector<std::string> lines;
};

std::vector<expectation> expectations() {
  std::string long_text(200, 'x');
  std::string umlaut = "\xC3\xBC";
  std::string close_1000("\x03\xE8", 2);
  return {
    {frame_of(0x81, "hi"), {"message hi"}},
    {frame_of(0x81, ""), {"message "}},
    {frame_of(0x81, long_text), {"message " + long_text}},
    {frame_of(0x81, "a") + frame_of(0x81, "b"), {"message a", "message b"}},
    {frame_of(0x01, "a") + frame_of(0x00, "b") + frame_of(0x80, "c"),
     {"message abc"}},
    {frame_of(0x01, "") + frame_of(0x80, ""), {"message "}},
    {frame_of(0x01, "a") + frame_of(0x89, "p") + frame_of(0x80, "b"),
     {"ping p", "message ab"}},
    {frame_of(0x01, umlaut.substr(0, 1)) + frame_of(0x80, umlaut.substr(1)),
     {"message " + umlaut}},
    {frame_of(0x89, ""), {"ping "}},
    {frame_of(0x8A, std::string(125, 'p')), {"pong " + std::string(125, 'p')}},
    {frame_of(0x88, ""), {"close 1005 "}},
    {frame_of(0x88, close_1000 + "bye") + "anything", {"close 1000 bye"}},
    {frame_of(0x81, std::string(limit, 'x')),
     {"message " + std::string(limit, 'x')}},
    // From here on, what must not be.
    {frame_of(0x81, std::string(limit + 1, 'x')), {"violation 1009"}},
    {frame_of(0x01, std::string(limit, 'x')) + frame_of(0x80, "x"),
     {"violation 1009"}},
    {frame_of(0x82, "binary"), {"violation 1003"}},
    {frame_of(0x80, "continues nothing"), {"violation 1002"}},
    {frame_of(0x01, "a") + frame_of(0x81, "b"), {"violation 1002"}},
    {frame_of(0x83, ""), {"violation 1002"}},
    {frame_of(0x8B, ""), {"violation 1002"}},
    {frame_of(0xC1, "bits"), {"violation 1002"}},
    {frame_of(0xA1, "bits"), {"violation 1002"}},
    {frame_of(0x91, "bits"), {"violation 1002"}},
    {frame_of(0x09, "half a ping"), {"violation 1002"}},
    {frame_of(0x89, std::string(126, 'p')), {"violation 1002"}},
    {frame_of(0x81, "x", 2), {"violation 1002"}},
    {frame_of(0x81, std::string(300, 'x'), 8), {"violation 1002"}},
    {"\x81\x02hi", {"violation 1002"}},
    {std::string("\x81\xFF\x80\0\0\0\0\0\0\0mask", 14), {"violation 1002"}},
    {std::string("\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFFmask", 14),
     {"violation 1009"}},
    {frame_of(0x88, "x"), {"violation 1002"}},
    {frame_of(0x88, close_1000 + "\xFF"), {"violation 1007"}},
    {frame_of(0x88, close_1000 + "\xC3"), {"violation 1007"}},
    {frame_of(0x81, "a\xFFz"), {"violation 1007"}},
    {frame_of(0x81, "\xC3"), {"violation 1007"}},
    {frame_of(0x81, "\xED\xA0\x80"), {"violation 1007"}},
  };
}

} // namespace

TEST_CASE("frames mean the same however they are cut", "[frame_reader]") {
  for (auto& [bytes, lines] : expectations())
    for (size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{64},
                         bytes.size()}) {
      CAPTURE(bytes.substr(0, 20), piece);
      CHECK(read(bytes, piece) == lines);
    }
}

TEST_CASE("binary messages are taken where that is wanted", "[frame_reader]") {
  inflater inflates;
  frame_reader reader{limit, &inflates, true};
  auto next = [&](std::string bytes) {
    std::span<char> input{bytes};
    return reader.next(input) == finding::message ? reader.take_message()
                                                  : "violation";
  };
  CHECK(next(frame_of(0x82, "\xFF")) == "\xFF");
  CHECK(reader.binary());
  CHECK(next(frame_of(0x02, "\xC3") + frame_of(0x80, "\xFF")) == "\xC3\xFF");
  CHECK(next(frame_of(0xC2, packed("\xFF"))) == "\xFF");
  CHECK(reader.binary());
  CHECK(next(frame_of(0x81, "text")) == "text");
  CHECK_FALSE(reader.binary());
  CHECK(next(frame_of(0x81, "\xFF")) == "violation");
}

TEST_CASE("close codes are those that may be sent", "[frame_reader]") {
  for (unsigned code = 0; code < 5100; ++code) {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    auto good = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
                || (code >= 3000 && code <= 4999);
    CAPTURE(code);
    CHECK(read(frame_of(0x88, payload), 1000).front()
          == (good ? "close " + std::to_string(code) + " " : "violation 1002"));
  }
}

TEST_CASE("invalid UTF-8 is found before its frame is whole",
          "[frame_reader]") {
  frame_reader reader{limit};
  auto bytes = frame_of(0x81, "ab\xFF" + std::string(500, 'x')).substr(0, 20);
  std::span<char> input{bytes};
  CHECK(reader.next(input) == finding::violation);
  CHECK(reader.code() == close_code::bad_payload);
}

TEST_CASE("a message that is too long is found by its head", "[frame_reader]") {
  frame_reader reader{limit};
  auto bytes = frame_of(0x81, std::string(limit + 1, 'x')).substr(0, 8);
  std::span<char> input{bytes};
  CHECK(reader.next(input) == finding::violation);
  CHECK(reader.code() == close_code::too_big);
}

TEST_CASE("fragments come to an end", "[frame_reader]") {
  auto endless = frame_of(0x01, "");
  for (size_t i = 0; i < 200; ++i)
    endless += frame_of(0x00, "");
  CHECK(read(endless, 4096).back() == "violation 1009");
  auto small = frame_of(0x01, "x");
  for (size_t i = 0; i < 100; ++i)
    small += frame_of(0x00, "x");
  CHECK(read(small + frame_of(0x80, ""), 4096).back()
        == "message " + std::string(101, 'x'));
}

TEST_CASE("fragments that say nothing are counted", "[frame_reader]") {
  auto counted = [](std::string bytes) {
    frame_reader reader{limit};
    std::span<char> input{bytes};
    while (reader.next(input) != finding::nothing)
      continue;
    return reader.take_empty_fragments();
  };
  auto empty = frame_of(0x00, "");
  CHECK(counted(frame_of(0x01, "") + empty + empty + frame_of(0x80, "")) == 3);
  CHECK(counted(frame_of(0x01, "a") + empty + frame_of(0x89, "") + empty) == 2);
  // An empty message is one, and some end each of theirs so.
  CHECK(counted(frame_of(0x81, "")) == 0);
  CHECK(counted(frame_of(0x01, "a") + frame_of(0x00, "b") + frame_of(0x80, ""))
        == 0);
}

TEST_CASE("UTF-8 in pieces is judged like the whole", "[frame_reader]") {
  std::mt19937 random{20261121};
  const std::vector<std::string> parts{
    "ascii text ", "\xC3\xBC",         "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
    "\x80",        "\xED\x9F\xBF",     "\xED\xA0\x80", "\xF4\x8F\xBF\xBF",
    "\xF4\x90",    "\xE0\x80",         "\xC0\x80",     "\xF0\x8F",
    "\xE2\x82",    std::string(9, 'x')};
  auto pick = [&](size_t n) { return random() % n; };
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto n = pick(6); n > 0; --n)
      // Most of them good ones.
      text += parts[pick(3) == 0 ? pick(parts.size()) : pick(4)];
    utf8_stream stream;
    auto valid = true;
    for (size_t at = 0; at < text.size() && valid;) {
      auto size = 1 + pick(12);
      valid = stream.take(std::string_view{text}.substr(at, size));
      at += size;
    }
    CAPTURE(text);
    CHECK((valid && stream.complete()) == wire::valid_utf8(text));
  }
}
