// SPDX-License-Identifier: MIT
#include "messages/frame.hpp"
#include "messages/wire/names.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "transport/deflater.hpp"
#include "transport/frame_reader.hpp"

#include <array>
#include <string>

// A client's bytes after the upgrade: what is heard does not depend on how they
// are cut, and what was sent is what is heard. The first byte of the input
// chooses a reader, the second how things are cut.
namespace parlor::fuzz {

namespace {

using namespace transport;

struct setting {
  size_t most;
  bool inflates;
  bool binary;
};

setting setting_of(uint8_t x) {
  constexpr std::array<size_t, 4> sizes{16, 125, 1000, 65536};
  return {sizes[x & 3], (x & 4) != 0, (x & 8) != 0};
}

frame_reader reader_of(const setting& x) {
  static inflater shared;
  return frame_reader{x.most, x.inflates ? &shared : nullptr, x.binary};
}

/// Sizes of pieces, always the same for a seed.
class cuts {
public:
  explicit cuts(uint8_t seed) : state_{seed} {}

  size_t next() {
    if (state_ == 0)
      return SIZE_MAX;
    state_ = state_ * 1103515245u + 12345u | 1u;
    return state_ % 3 == 0 ? 1 + (state_ >> 16) % 300 : 1 + (state_ >> 16) % 6;
  }

private:
  uint32_t state_;
};

void check_message(const std::string& text, const setting& how, bool binary) {
  require(text.size() <= how.most, "a message is too long");
  require(how.binary || !binary, "a binary message was not wanted");
  require(binary || wire::valid_utf8(text), "a text is not UTF-8");
}

/// All that is heard, as one text.
class listener {
public:
  explicit listener(const setting& how) : how_{how}, reader_{reader_of(how)} {}

  /// As a session does it: what the reader leaves comes again, with more.
  void take(std::string_view bytes) {
    if (ended_)
      return;
    rest_ += bytes;
    auto kept = std::exchange(rest_, {});
    std::span<char> input{kept};
    while (!ended_)
      if (auto found = reader_.next(input); found != finding::nothing)
        note(found);
      else
        break;
    rest_.assign(input.begin(), input.end());
    require(ended_ || rest_.size() < 140, "a reader leaves too much");
  }

  const std::string& heard() const { return heard_; }

private:
  void note(finding what) {
    heard_ += std::to_string(static_cast<int>(what)) + ' ';
    if (what == finding::message) {
      auto text = reader_.take_message();
      check_message(text, how_, reader_.binary());
      heard_ += text;
    } else {
      heard_ += reader_.payload();
    }
    ended_ = what == finding::close || what == finding::violation;
    if (ended_)
      heard_ += std::to_string(static_cast<int>(reader_.code()));
    heard_ += '\n';
  }

  setting how_;
  frame_reader reader_;
  std::string rest_;
  std::string heard_;
  bool ended_ = false;
};

std::string heard(std::string_view bytes, const setting& how, cuts pieces) {
  listener result{how};
  while (!bytes.empty()) {
    auto piece = bytes.substr(0, pieces.next());
    result.take(piece);
    bytes.remove_prefix(piece.size());
  }
  return result.heard();
}

// -- what was sent ------------------------------------------------------------

/// A masked frame (RFC 6455 §5.2).
void append_frame(std::string& out, uint8_t first, std::string_view payload,
                  uint32_t mask) {
  auto size = payload.size();
  auto put = [&](uint64_t value, int bytes) {
    for (auto i = bytes - 1; i >= 0; --i)
      out += static_cast<char>(value >> (8 * i));
  };
  put(first, 1);
  if (size < 126) {
    put(0x80 | size, 1);
  } else if (size < 65536) {
    put(0x80 | 126, 1);
    put(size, 2);
  } else {
    put(0x80 | 127, 1);
    put(size, 8);
  }
  put(mask, 4);
  for (size_t i = 0; i < size; ++i)
    out += static_cast<char>(
      static_cast<uint8_t>(payload[i])
      ^ static_cast<uint8_t>(mask >> (24 - 8 * (i % 4))));
}

struct fragments {
  std::string bytes;
  size_t count = 0;
};

/// A message in fragments, with a ping before each but the first.
fragments fragments_of(std::string_view payload, bool compressed, cuts pieces) {
  fragments result;
  uint8_t first = compressed ? 0x41 : 0x01;
  auto mask = 0x1234ABCDu;
  do {
    auto piece = payload.substr(0, pieces.next());
    payload.remove_prefix(piece.size());
    if (result.count++ > 0)
      append_frame(result.bytes, 0x89, "p", mask);
    append_frame(result.bytes, first | (payload.empty() ? 0x80 : 0), piece,
                 mask);
    first = 0;
    mask = mask * 2654435761u + 1;
  } while (!payload.empty());
  return result;
}

void check_sent(std::string_view text, setting how, uint8_t seed) {
  how.inflates = true;
  static deflater shared;
  frame whole{text};
  auto packed = text.empty() ? whole : shared.form_of(whole);
  auto compressed = (packed.bytes()[0] & 0x40) != 0;
  auto sent = fragments_of(packed.text(), compressed, cuts{seed});
  auto result = heard(sent.bytes, how, cuts{seed});
  auto message = std::to_string(static_cast<int>(finding::message)) + ' '
                 + std::string{text} + '\n';
  auto good = text.size() <= how.most && wire::valid_utf8(text)
              && sent.count <= 128 + how.most / 64;
  require(result.ends_with(message) == good,
          good ? "what was sent is not heard"
               : "what may not be sent is heard");
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor::fuzz;
  if (size < 2)
    return 0;
  auto how = setting_of(data[0]);
  auto bytes = text_of(data + 2, size - 2);
  auto whole = heard(bytes, how, cuts{0});
  require(whole == heard(bytes, how, cuts{data[1]}),
          "what is heard depends on how it is cut");
  check_sent(bytes, how, data[1]);
  return 0;
}
