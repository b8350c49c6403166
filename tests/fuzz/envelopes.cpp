// SPDX-License-Identifier: MIT
#include "messages/envelopes.hpp"

#include "cluster/links/wire.hpp"
#include "messages/inquiries.hpp"
#include "messages/proceedings.hpp"
#include "messages/user_notes.hpp"
#include "tests/fuzz/allocations.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/messages/same.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What another node says: nothing but what it could have written is read, what
// is read says the same once it is written again, and costs no more memory than
// its bytes are worth. The first byte of the input chooses what the others are.
namespace parlor::fuzz {

namespace {

/// The least that an element of a list takes is one byte, the most that it is
/// made of is 40 bytes; a vector that grows asks for that four times, and what
/// is read is moved once more.
constexpr size_t bytes_per_byte = 256;
constexpr size_t bytes_for_nothing = 4096;

/// What comes of the bytes, by a reader that has to understand what is written
/// of that, and nothing that is longer or shorter.
template <class Read, class Write>
auto checked(std::string_view bytes, Read read, Write write) {
  allocations used;
  auto result = read(bytes);
  require(used.bytes() <= bytes_for_nothing + bytes_per_byte * bytes.size(),
          "a few bytes take much memory");
  if (!result)
    return result;
  std::string written = write(*result);
  // Lengths may be written longer than they have to be, never shorter.
  require(written.size() <= bytes.size(), "more is read than there is");
  auto again = read(std::string_view{written});
  require(again.has_value(), "what is written is not understood");
  require(test::same(*again, *result), "what is written says something else");
  require(write(*again) == written, "the same is written in two ways");
  require(!read(std::string_view{written + '\0'}), "what goes on is read");
  if (!written.empty())
    require(!read(std::string_view{written}.substr(0, written.size() - 1)),
            "what is cut off is read");
  return result;
}

// -- what a room puts in order ---------------------------------------------------

using namespace proceedings;

constexpr auto write_bytes = [](const auto& x) { return to_bytes(x); };

void check_time(event::timestamp x) {
  require(x.time_since_epoch().count() >= 0, "a time is before all times");
}

void check_command(const proceedings::command& x) {
  if (auto* changes = std::get_if<attendance>(&x))
    for (auto& one : changes->changes)
      require(one.why <= departure::kicked, "nobody goes for that reason");
}

void check_command(std::string_view bytes) {
  if (auto x = checked(bytes, to_command, write_bytes))
    check_command(*x);
}

void check_entry(std::string_view bytes) {
  auto x = checked(bytes, to_entry, write_bytes);
  if (!x)
    return;
  check_command(x->what);
  check_time(x->decided.at);
  auto* changes = std::get_if<attendance>(&x->what);
  require(x->decided.outcomes.size() == (changes ? changes->changes.size() : 0),
          "there is not one outcome for each change");
  for (auto one : x->decided.outcomes)
    require(one <= outcome::nothing, "that is no outcome");
}

void check_state(std::string_view bytes) {
  checked(bytes, to_state, write_bytes);
}

// -- what is in envelopes ----------------------------------------------------------

void check_inside(const replication::letter& x) {
  namespace letters = replication;
  if (auto* proposal = std::get_if<letters::proposal>(&x)) {
    check_command(proposal->what.body);
  } else if (auto* decision = std::get_if<letters::decision>(&x)) {
    check_entry(decision->what.what.body);
  } else if (auto* resume = std::get_if<letters::resume>(&x)) {
    check_state(resume->state);
  } else if (auto* part = std::get_if<letters::part>(&x)) {
    check_state(part->state);
    for (auto& one : part->entries)
      check_entry(one.what.body);
  }
}

void check_inside(const registration::note& x) {
  namespace notes = registration;
  if (auto* message = std::get_if<notes::message>(&x))
    check_time(message->at);
  else if (auto* handover = std::get_if<notes::handover>(&x))
    check_time(handover->what.at);
  else if (auto* notice = std::get_if<notes::notice>(&x))
    check_time(notice->at);
}

void check_inside(const inquiries::note& x) {
  if (auto* question = std::get_if<inquiries::question>(&x))
    require(question->what <= inquiries::about::user, "nobody asks for that");
}

/// An inquiry, but for one with a time that CAF does not carry: it writes 0 for
/// what is smaller than the normal numbers.
std::optional<inquiries::note> read_inquiry(std::string_view bytes) {
  auto result = to_inquiry(bytes);
  if (auto* share = result ? std::get_if<inquiries::share>(&*result) : nullptr)
    for (auto& one : share->connections)
      if (!std::isnormal(one.connected_at) && one.connected_at != 0)
        return std::nullopt;
  return result;
}

/// Writes what was read out of an envelope, without its address.
template <class Name>
auto content_to(const Name& name) {
  return [&name](const auto& what) {
    auto sent = to_envelope(name, what);
    auto line = read_address(*sent.body);
    require(line.has_value(), "an envelope of ours has no address");
    return std::string{line->content};
  };
}

void check_envelope(std::string_view bytes) {
  auto line = read_address(bytes);
  if (!line)
    return;
  std::string name{line->name};
  require(!name.empty() && name.size() <= 255, "an envelope is for nobody");
  require(address(line->to, name) + std::string{line->content} == bytes,
          "an envelope is for somebody else");
  if (line->to == addressee::room) {
    room_name room{name};
    auto read = [&](std::string_view x) { return to_room_note(room, x); };
    auto note = checked(line->content, read, content_to(room));
    if (auto* letter = note ? std::get_if<replication::letter>(&*note)
                            : nullptr)
      check_inside(*letter);
  } else if (line->to == addressee::user) {
    if (auto note = checked(line->content, to_user_note,
                            content_to(user_id{name})))
      check_inside(*note);
  } else if (auto note = checked(line->content, read_inquiry,
                                 content_to(name))) {
    check_inside(*note);
  }
}

// -- what links are made of --------------------------------------------------------

// CAF reads and writes these.

template <class T>
std::optional<T> read_wire(std::string_view bytes) {
  std::optional<T> result{std::in_place};
  caf::binary_deserializer source{nullptr, bytes.data(), bytes.size()};
  if (source(*result) || source.remaining() != 0)
    return std::nullopt;
  return result;
}

template <class T>
std::string write_wire(const T& x) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  // Saving to memory does not fail, and changes nothing.
  static_cast<void>(sink(const_cast<T&>(x)));
  return {bytes.begin(), bytes.end()};
}

template <class T>
auto checked_wire(std::string_view bytes) {
  return checked(bytes, read_wire<T>, write_wire<T>);
}

void check_frame(std::string_view bytes) {
  auto frame = checked_wire<cluster::link_frame>(bytes);
  if (!frame)
    return;
  for (auto& one : frame->content) {
    require(one.body != nullptr, "an envelope has no body");
    if (one.version == 1)
      check_envelope(*one.body);
  }
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor;
  using namespace parlor::fuzz;
  if (size == 0)
    return 0;
  auto bytes = text_of(data + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
      check_envelope(bytes);
      break;
    case 1:
      check_command(bytes);
      break;
    case 2:
      check_entry(bytes);
      break;
    case 3:
      check_state(bytes);
      break;
    case 4:
      check_frame(bytes);
      break;
    case 5:
      checked_wire<cluster::link_opened>(bytes);
      break;
    case 6:
      checked_wire<cluster::link_ack>(bytes);
      break;
    case 7:
      checked_wire<cluster::link_bye>(bytes);
      break;
  }
  return 0;
}
