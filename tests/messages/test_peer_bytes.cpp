// SPDX-License-Identifier: MIT
#include "messages/envelopes.hpp"
#include "messages/inquiries.hpp"
#include "messages/proceedings.hpp"
#include "messages/user_notes.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <string_view>

// The bytes that nodes of version 1 exchange, kind by kind. A node of the version
// before reads these: where a test fails, the change needs a kind of its own, or
// another version (messages/envelopes.hpp), and never other bytes here.

using namespace parlor;

namespace {

std::string hex(std::string_view bytes) {
  constexpr auto digits = "0123456789abcdef";
  std::string result;
  for (auto x : bytes) {
    result += digits[static_cast<uint8_t>(x) >> 4];
    result += digits[static_cast<uint8_t>(x) & 15];
  }
  return result;
}

/// Of an envelope for room "r", what is behind the address.
std::string room(const room_note& what) {
  auto sent = to_envelope(room_name{"r"}, what);
  CHECK(sent.version == 1);
  CHECK(sent.body->substr(0, 3) == "\x01\x01r");
  return hex(sent.body->substr(3));
}

std::string user(const registration::note& what) {
  auto sent = to_envelope(user_id{"u"}, what);
  CHECK(sent.version == 1);
  CHECK(sent.body->substr(0, 3) == "\x02\x01u");
  return hex(sent.body->substr(3));
}

std::string admin(const inquiries::note& what) {
  auto sent = to_envelope("n", what);
  CHECK(sent.version == 1);
  CHECK(sent.body->substr(0, 3) == "\x03\x01n");
  return hex(sent.body->substr(3));
}

std::string body(const proceedings::command& what) {
  return hex(to_bytes(what));
}

const user_id ann{"ann"};
const user_id bob{"bob"};
const connection_id here{0x0102030405060708};
const incarnation node{0x1112131415161718};
const epoch opened{0x21, 0x22};
const place at{opened, 0x23};
const event::timestamp when{std::chrono::milliseconds{0x18000000000}};
const replication::command said{{node, 0x31}, 0x32, "body"};
const replication::entry put{at, said};

} // namespace

TEST_CASE("bytes of a replica's letters stay as they are") {
  using namespace replication;
  digest holds{{at, {{0x24, 0x25}, 0x26}}, {{0x27, 0x28}, 0x29}};
  progress last{{node, 0x31}, 0x32};
  CHECK(room(letter{ask{1}}) == "00000000000000000001");
  CHECK(room(letter{promise{1, 2, 3, false, holds}})
        == "0001000000000000000100000000000000020000000000000003000200000000"
           "0000002100000000000000220000000000000023000000000000002400000000"
           "0000002500000000000000260000000000000027000000000000002800000000"
           "00000029");
  CHECK(room(letter{fetch{1, at}})
        == "0002000000000000000100000000000000210000000000000022000000000000"
           "0023");
  CHECK(room(letter{part{1, at, {last}, {put, put}, "state"}})
        == "0003000000000000000100000000000000210000000000000022000000000000"
           "0023011112131415161718000000000000003100000000000000320200000000"
           "0000002100000000000000220000000000000023111213141516171800000000"
           "00000031000000000000003204626f6479000000000000002100000000000000"
           "2200000000000000231112131415161718000000000000003100000000000000"
           "3204626f6479057374617465");
  CHECK(room(letter{resume{1, opened, at, {last}, "state", 9}})
        == "0004000000000000000100000000000000210000000000000022000000000000"
           "0021000000000000002200000000000000230111121314151617180000000000"
           "00003100000000000000320573746174650000000000000009");
  CHECK(room(letter{proposal{opened, 3, said}})
        == "0005000000000000002100000000000000220000000000000003111213141516"
           "17180000000000000031000000000000003204626f6479");
  CHECK(room(letter{stale{opened}}) == "000600000000000000210000000000000022");
  CHECK(room(letter{decision{opened, put}})
        == "0007000000000000002100000000000000220000000000000021000000000000"
           "0022000000000000002311121314151617180000000000000031000000000000"
           "003204626f6479");
  CHECK(room(letter{ack{opened, 3}})
        == "0008000000000000002100000000000000220000000000000003");
  CHECK(room(letter{mark{opened, 3, 4, 5}})
        == "0009000000000000002100000000000000220000000000000003000000000000"
           "00040000000000000005");
}

TEST_CASE("bytes of what else rooms tell each other stay as they are") {
  CHECK(room(event::signal{room_name{"r"}, ann, "typing", "[1]"})
        == "0103616e6e06747970696e67035b315d");
  CHECK(room(room_closed{}) == "02");
}

TEST_CASE("bytes of what a room puts in order stay as they are") {
  using namespace proceedings;
  attendance changes{{{here, ann, true, departure::left, true},
                      {here, bob, false, departure::kicked, false}}};
  CHECK(body(changes)
        == "0002010203040506070803616e6e010100010203040506070803626f62000004");
  CHECK(body(loss{node}) == "011112131415161718");
  CHECK(body(chat{ann, R"({"n":1})", "key", "bob", here, true})
        == "0203616e6e077b226e223a317d036b657903626f62010203040506070801");
  CHECK(body(presence{here, ann, "1"}) == "03010203040506070803616e6e0131");
  ruling decided{41,
                 when,
                 at,
                 {outcome::told, outcome::nothing},
                 {{node, here, bob, "2"}},
                 {ann, bob}};
  CHECK(hex(to_bytes(entry{changes, decided}))
        == "0002010203040506070803616e6e010100010203040506070803626f62000004"
           "0000000000000029000000000000002100000000000000220000000000000023"
           "020103011112131415161718010203040506070803626f6201320203616e6e03"
           "626f620000018000000000");
  CHECK(hex(to_bytes(state{7, {{node, here, ann, "2"}}, {{bob, "k", at, 9}}}))
        == "0000000000000007011112131415161718010203040506070803616e6e013201"
           "03626f62016b0000000000000021000000000000002200000000000000230000"
           "0009");
}

TEST_CASE("bytes of lengths above 127 stay as they are") {
  auto bytes = proceedings::to_bytes(proceedings::command{
    proceedings::chat{ann, std::string(300, 'x'), {}, {}, {}, false}});
  CHECK(hex(std::string_view{bytes}.substr(0, 8)) == "0203616e6eac0278");
  CHECK(bytes.size() == 318);
}

TEST_CASE("bytes of what registries tell each other stay as they are") {
  using namespace registration;
  message letter{1, 2, 3, true, ann, "[1]", when};
  CHECK(user(knock{1, here}) == "0000000000000000010102030405060708");
  CHECK(user(departed{1, here}) == "0100000000000000010102030405060708");
  CHECK(user(letter)
        == "020000000000000001000000000000000200000000000000030103616e6e035b"
           "315d0000018000000000");
  CHECK(user(kick{1, 2}) == "0300000000000000010000000000000002");
  CHECK(user(table{1, true, false, {{ann, here, 9}}})
        == "04000000000000000101000103616e6e01020304050607080000000000000009");
  CHECK(user(ask{1}) == "050000000000000001");
  CHECK(user(grant{here, 9}) == "0601020304050607080000000000000009");
  CHECK(user(refusal{here}) == "070102030405060708");
  CHECK(user(eviction{here}) == "080102030405060708");
  CHECK(user(handover{node, letter})
        == "0911121314151617180000000000000001000000000000000200000000000000"
           "030103616e6e035b315d0000018000000000");
  CHECK(user(receipt{1, 2}) == "0a00000000000000010000000000000002");
  CHECK(user(declined{1}) == "0b0000000000000001");
  CHECK(user(expulsion{}) == "0c");
  CHECK(user(notice{"[1]", "bob", when})
        == "0d035b315d03626f620000018000000000");
  CHECK(user(kick_one{1, here}) == "0e00000000000000010102030405060708");
}

TEST_CASE("bytes of inquiries stay as they are") {
  using namespace inquiries;
  share part;
  part.number = 1;
  part.last = true;
  part.complete = true;
  part.totals = {1, 2, 3, 4};
  part.rooms = {{room_name{"r"}, {ann, bob}, 5, 6, opened}};
  part.users = {{ann, 9}};
  part.connections = {
    {here, bob, {room_name{"r"}}, 1.5, "::1", "curl", -1, 10}};
  CHECK(admin(question{1, about::user, "ann", "bob", 2})
        == "00000000000000000103616e6e03626f62000000000000000206");
  CHECK(admin(part)
        == "0100000000000000010101000000000000000100000000000000020000000000"
           "00000300000000000000040101720203616e6e03626f62000000000000000500"
           "00000000000006000000000000002100000000000000220103616e6e00000000"
           "0000000901010203040506070803626f620101723ff8000000000000033a3a31"
           "046375726cffffffffffffffff000000000000000a");
}
