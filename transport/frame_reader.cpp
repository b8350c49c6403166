// SPDX-License-Identifier: MIT
#include "transport/frame_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace parlor::transport {

namespace {

/// Opcodes (RFC 6455 §5.2).
enum opcode : uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  connection_close = 0x8,
  ping_frame = 0x9,
  pong_frame = 0xA,
};

constexpr bool is_control(uint8_t x) {
  return (x & 0x8) != 0;
}

constexpr bool is_known(uint8_t x) {
  return x <= binary || (x >= connection_close && x <= pong_frame);
}

constexpr size_t max_control_payload = 125;

/// Fragments of a message that may be `most` bytes long: enough for pieces of
/// 64 bytes, and for a few that are empty.
constexpr size_t max_fragments(size_t most) {
  return 128 + most / 64;
}

uint64_t big_endian(std::span<const char> bytes) {
  uint64_t result = 0;
  for (auto x : bytes)
    result = result << 8 | static_cast<uint8_t>(x);
  return result;
}

/// Whether an endpoint may send this code in a close frame (RFC 6455 §7.4, and
/// IANA's registry for 1012 to 1014).
constexpr bool may_be_sent(uint64_t code) {
  if (code >= 1000 && code <= 1014)
    return code < 1004 || code > 1006;
  return code >= 3000 && code <= 4999;
}

/// Unmasks in place, and turns the mask on for the byte that follows. The mask
/// is in memory as it was on the wire.
void unmask(std::span<char> bytes, uint32_t& mask) {
  static_assert(std::endian::native == std::endian::little);
  auto wide = uint64_t{mask} << 32 | mask;
  for (; bytes.size() >= sizeof wide; bytes = bytes.subspan(sizeof wide)) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), sizeof word);
    word ^= wide;
    std::memcpy(bytes.data(), &word, sizeof word);
  }
  for (auto& byte : bytes) {
    byte = static_cast<char>(static_cast<uint8_t>(byte) ^ (mask & 0xFF));
    mask = std::rotr(mask, 8);
  }
}

} // namespace

finding frame_reader::violate(close_code code, std::string_view what) {
  code_ = code;
  piece_ = what;
  return finding::violation;
}

finding frame_reader::next(std::span<char>& input) {
  for (;;) {
    if (!in_frame_) {
      head x;
      if (auto bad = read_head(input, x); bad != finding::nothing)
        return bad;
      if (x.size == 0)
        return finding::nothing;
      if (is_control(x.opcode))
        return read_control(input, x);
      if (auto bad = begin_frame(x); bad != finding::nothing)
        return bad;
      input = input.subspan(x.size);
    }
    if (auto found = read_data(input); found != finding::nothing || in_frame_)
      return found;
  }
}

/// What is wrong with a frame is found as early as its bytes show it.
finding frame_reader::read_head(std::span<char> input, head& into) {
  if (input.size() < 2)
    return finding::nothing;
  auto first = static_cast<uint8_t>(input[0]);
  auto second = static_cast<uint8_t>(input[1]);
  into.final = (first & 0x80) != 0;
  into.opcode = first & 0x0F;
  into.length = second & 0x7F;
  into.compressed = (first & 0x40) != 0;
  if ((first & 0x30) != 0 || (into.compressed && !inflater_))
    return violate(close_code::protocol_error, "reserved bits");
  if ((second & 0x80) == 0)
    return violate(close_code::protocol_error, "unmasked frame");
  if (auto bad = judge(into); bad != finding::nothing)
    return bad;
  auto wide = into.length == 126 ? 2u : into.length == 127 ? 8u : 0u;
  auto size = 2 + wide + sizeof into.mask;
  if (input.size() < size)
    return finding::nothing;
  if (wide > 0) {
    into.length = big_endian(input.subspan(2, wide));
    if (into.length < (wide == 2 ? 126u : 65536u) || into.length >> 63 != 0)
      return violate(close_code::protocol_error, "wrong length");
  }
  std::memcpy(&into.mask, input.data() + 2 + wide, sizeof into.mask);
  into.size = size;
  return finding::nothing;
}

/// By its first two bytes, so `length` may stand for a longer one.
finding frame_reader::judge(const head& x) {
  if (!is_known(x.opcode))
    return violate(close_code::protocol_error, "unknown opcode");
  // Only the first frame of a message says that it is compressed.
  if (x.compressed && (is_control(x.opcode) || x.opcode == continuation))
    return violate(close_code::protocol_error, "reserved bits");
  if (is_control(x.opcode)) {
    if (!x.final)
      return violate(close_code::protocol_error, "fragmented control frame");
    if (x.length > max_control_payload)
      return violate(close_code::protocol_error, "long control frame");
    return finding::nothing;
  }
  if (x.opcode == opcode::binary && !takes_binary_)
    return violate(close_code::unsupported_data, "text frames only");
  if ((x.opcode == continuation) != (fragments_ > 0))
    return violate(close_code::protocol_error, "unexpected fragment");
  return finding::nothing;
}

finding frame_reader::read_control(std::span<char>& input, const head& x) {
  if (input.size() < x.size + x.length)
    return finding::nothing;
  auto payload = input.subspan(x.size, x.length);
  auto mask = x.mask;
  unmask(payload, mask);
  piece_ = {payload.data(), payload.size()};
  input = input.subspan(x.size + x.length);
  switch (x.opcode) {
    case ping_frame:
      return finding::ping;
    case pong_frame:
      return finding::pong;
    default:
      return read_close();
  }
}

finding frame_reader::read_close() {
  code_ = close_code::no_status;
  if (piece_.empty())
    return finding::close;
  auto code = big_endian(piece_.substr(0, 2));
  if (piece_.size() < 2 || !may_be_sent(code))
    return violate(close_code::protocol_error, "wrong close code");
  piece_.remove_prefix(2);
  utf8_stream reason;
  if (!reason.take(piece_) || !reason.complete())
    return violate(close_code::bad_payload, "invalid UTF-8");
  code_ = static_cast<close_code>(code);
  return finding::close;
}

finding frame_reader::begin_frame(const head& x) {
  if (x.length > most_ - announced_)
    return violate(close_code::too_big, "message too big");
  announced_ += static_cast<uint32_t>(x.length);
  empty_fragments_ += x.length == 0 && !x.final;
  if (++fragments_ > max_fragments(most_))
    return violate(close_code::too_big, "too many fragments");
  if (x.opcode != continuation) {
    compressed_ = x.compressed;
    binary_ = x.opcode == opcode::binary;
    plain_text_ = !compressed_ && !binary_;
  }
  in_frame_ = true;
  final_ = x.final;
  left_ = static_cast<uint32_t>(x.length);
  mask_ = x.mask;
  return finding::nothing;
}

finding frame_reader::read_data(std::span<char>& input) {
  auto here = input.first(std::min<size_t>(left_, input.size()));
  input = input.subspan(here.size());
  left_ -= static_cast<uint32_t>(here.size());
  unmask(here, mask_);
  piece_ = {here.data(), here.size()};
  if (plain_text_ && !utf8_.take(piece_))
    return violate(close_code::bad_payload, "invalid UTF-8");
  // Only a message that is here whole is not kept.
  if (fragments_ > 1 || !text_.empty() || left_ > 0 || !final_) {
    if (text_.empty() && final_)
      text_.reserve(announced_);
    text_ += piece_;
    piece_ = text_;
  }
  return left_ > 0 ? finding::nothing : end_frame();
}

finding frame_reader::end_frame() {
  in_frame_ = false;
  if (!final_)
    return finding::nothing;
  fragments_ = 0;
  announced_ = 0;
  if (compressed_)
    if (auto bad = inflate(); bad != finding::nothing)
      return bad;
  if (!utf8_.complete())
    return violate(close_code::bad_payload, "invalid UTF-8");
  return finding::message;
}

/// At the end of a message, which is no longer than `most_` until then: so one
/// inflater is enough for all, and an idle connection costs nothing.
finding frame_reader::inflate() {
  std::string text;
  switch (inflater_->inflate(piece_, most_, text)) {
    case inflater::outcome::too_big:
      return violate(close_code::too_big, "message too big");
    case inflater::outcome::corrupt:
      return violate(close_code::bad_payload, "corrupt compression");
    case inflater::outcome::good:
      break;
  }
  text_ = std::move(text);
  piece_ = text_;
  if (!binary_ && !utf8_.take(piece_))
    return violate(close_code::bad_payload, "invalid UTF-8");
  return finding::nothing;
}

std::string frame_reader::take_message() {
  return text_.empty() ? std::string{piece_} : std::exchange(text_, {});
}

} // namespace parlor::transport
