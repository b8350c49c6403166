// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/reading.hpp"
#include "tests/transport/zlib_peer.hpp"

#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace parlor::transport;

namespace {

using lines = std::vector<std::string>;

constexpr size_t limit = reading_limit;

/// A compressed message in so many frames, with a ping before each but the
/// first where there are several.
std::string fragments(std::string_view payload, size_t count) {
  std::string result;
  auto size = payload.size() / count;
  for (size_t i = 0; i < count; ++i) {
    auto last = i + 1 == count;
    auto piece = payload.substr(i * size, last ? payload.npos : size);
    if (i > 0)
      result += frame_of(0x89, "p");
    result += frame_of(
      static_cast<uint8_t>((i == 0 ? 0x41 : 0x00) | (last ? 0x80 : 0x00)),
      piece);
  }
  return result;
}

struct expectation {
  std::string bytes;
  lines found;
};

std::vector<expectation> expectations() {
  auto text = prose(500);
  auto good = packed(text);
  auto pinged = [&](size_t pings) {
    lines result(pings, "ping p");
    result.push_back("message " + text);
    return result;
  };
  return {
    {frame_of(0xC1, good), pinged(0)},
    {frame_of(0xC1, good) + frame_of(0x81, "plain") + frame_of(0xC1, good),
     {"message " + text, "message plain", "message " + text}},
    {fragments(good, 2), pinged(1)},
    {fragments(good, 5), pinged(4)},
    {fragments(good, 100), pinged(99)},
    {frame_of(0x41, "") + frame_of(0x00, good) + frame_of(0x80, ""), pinged(0)},
    {frame_of(0xC1, packed("")), {"message "}},
    {frame_of(0xC1, packed("")) + frame_of(0x81, "a"),
     {"message ", "message a"}},
    {frame_of(0xC1, packed("\xC3\xBC")), {"message \xC3\xBC"}},
    {frame_of(0xC1, packed(std::string(limit, 'x'))),
     {"message " + std::string(limit, 'x')}},
    // A plain message may follow a compressed one in fragments.
    {fragments(good, 2) + frame_of(0x01, "\xC3") + frame_of(0x80, "\xBC"),
     {"ping p", "message " + text, "message \xC3\xBC"}},
    // From here on, what must not be.
    {frame_of(0xC1, packed(std::string(limit + 1, 'x'))), {"violation 1009"}},
    {frame_of(0xC1, packed(noise(limit), 0)), {"violation 1009"}},
    {fragments(packed(std::string(1 << 19, 'x')), 3),
     {"ping p", "ping p", "violation 1009"}},
    {frame_of(0xC1, "\xFF\xFF"), {"violation 1007"}},
    {frame_of(0xC1, ""), {"violation 1007"}},
    {frame_of(0xC1, good.substr(0, good.size() / 2)), {"violation 1007"}},
    {frame_of(0xC1, packed("a\xFF")), {"violation 1007"}},
    {frame_of(0xC1, packed("\xC3")), {"violation 1007"}},
    {frame_of(0xC2, packed("binary")), {"violation 1003"}},
    {frame_of(0x41, good) + frame_of(0xC0, ""), {"violation 1002"}},
    {frame_of(0x01, "plain") + frame_of(0xC0, good), {"violation 1002"}},
    {frame_of(0xC0, good), {"violation 1002"}},
    {frame_of(0xC8, ""), {"violation 1002"}},
    {frame_of(0xC9, ""), {"violation 1002"}},
    {frame_of(0xCA, ""), {"violation 1002"}},
    {frame_of(0xE1, good), {"violation 1002"}},
    {frame_of(0xD1, good), {"violation 1002"}},
  };
}

} // namespace

TEST_CASE("compressed frames mean the same however they are cut",
          "[frame_reader][deflate]") {
  inflater shared;
  for (auto& [bytes, found] : expectations())
    for (size_t piece = 1; piece <= bytes.size();
         piece += piece < 9 || piece + 100 > bytes.size() ? 1 : 97) {
      CAPTURE(bytes.substr(0, 20), piece);
      CHECK(read(bytes, piece, limit, &shared) == found);
    }
}

TEST_CASE("compressed messages that were not agreed on are refused",
          "[frame_reader][deflate]") {
  for (auto head : std::initializer_list<uint8_t>{0xC1, 0x41, 0xC2, 0xC0, 0xC9})
    CHECK(read(frame_of(head, packed("x")), 100) == lines{"violation 1002"});
}

TEST_CASE("messages of many readers may be under way with one inflater",
          "[frame_reader][deflate]") {
  inflater shared;
  std::vector<frame_reader> readers(3, frame_reader{limit, &shared});
  std::vector<std::string> bytes;
  for (unsigned i = 0; i < readers.size(); ++i)
    bytes.push_back(fragments(packed(prose(400, i)), 4));
  std::vector<std::string> rest(readers.size());
  std::vector<std::string> found(readers.size());
  for (size_t at = 0; at < bytes[0].size() + 100; ++at)
    for (size_t i = 0; i < readers.size(); ++i) {
      if (at >= bytes[i].size())
        continue;
      rest[i] += bytes[i][at];
      std::span<char> input{rest[i]};
      if (readers[i].next(input) == finding::message)
        found[i] = readers[i].take_message();
      rest[i].assign(input.begin(), input.end());
    }
  for (unsigned i = 0; i < readers.size(); ++i)
    CHECK(found[i] == prose(400, i));
}
