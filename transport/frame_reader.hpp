// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "transport/inflater.hpp"
#include "transport/utf8_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace parlor::transport {

/// What the bytes of a client have turned out to be.
enum class finding : uint8_t {
  /// A part of something: more bytes are needed.
  nothing,
  /// A whole message, of one frame or of several: a text, unless binary ones
  /// are taken.
  message,
  ping,
  pong,
  /// A close frame; nothing that follows it means anything.
  close,
  /// The client broke the protocol, and is to be told with `code`.
  violation,
};

/// Understands what a client sends (RFC 6455 §5): frames, masks, fragments,
/// control frames between them, UTF-8, and compressed messages (RFC 7692 §6).
/// Has no socket and keeps of a message only what has come of it. Nothing a
/// client sends makes it hold more than one message of the limit, and its
/// compressed form. Not thread-safe.
class frame_reader {
public:
  /// `most` is the longest message in bytes; a longer one is a violation (1009)
  /// as soon as its length is known, or it turns out while it is inflated.
  /// Compressed messages are a violation without an `inflater`, which all
  /// readers of a thread may share and which outlives them. Binary messages
  /// are one (1003) unless it `takes_binary`.
  explicit frame_reader(size_t most, inflater* inflates = nullptr,
                        bool takes_binary = false)
    : most_{most}, inflater_{inflates}, takes_binary_{takes_binary} {}

  /// Takes from the front of `input` what it understands, up to the end of the
  /// first whole thing, which it names; unmasks in place. What it leaves of a
  /// `nothing` (part of a frame's head or of a control frame, less than 140
  /// bytes) has to come again, with more behind it.
  finding next(std::span<char>& input);

  /// The message that was found; to be taken once.
  std::string take_message();

  /// How many empty fragments have come since this was asked last, but for those
  /// that end a message: they say nothing.
  unsigned take_empty_fragments() noexcept {
    return std::exchange(empty_fragments_, 0);
  }

  /// Whether it is a binary one.
  bool binary() const noexcept { return binary_; }

  /// The payload of the ping or pong that was found, as long as the input is
  /// there.
  std::string_view payload() const noexcept { return piece_; }

  /// Of the close frame that was found (`no_status` where it has no code), or
  /// what to tell after a violation.
  close_code code() const noexcept { return code_; }

  /// The reason in the close frame that was found, as long as the input is
  /// there; or what was wrong.
  std::string_view reason() const noexcept { return piece_; }

private:
  /// The first bytes of a frame.
  struct head {
    bool final = false;
    /// RSV1 is set.
    bool compressed = false;
    uint8_t opcode = 0;
    uint64_t length = 0;
    /// As on the wire.
    uint32_t mask = 0;
    /// Bytes of the head itself; 0 while they are not all there.
    size_t size = 0;
  };

  finding violate(close_code code, std::string_view what);
  finding read_head(std::span<char> input, head& into);
  finding judge(const head& x);
  finding read_control(std::span<char>& input, const head& x);
  finding read_close();
  finding begin_frame(const head& x);
  finding read_data(std::span<char>& input);
  finding end_frame();
  finding inflate();

  size_t most_;
  inflater* inflater_;
  /// Of the message that is coming, as it comes, unless all of it is in
  /// `piece_`.
  std::string text_;
  /// What was unmasked last, in the input; or what was wrong.
  std::string_view piece_;
  /// Bytes that the frame still needs.
  uint32_t left_ = 0;
  /// Bytes of the message, by the heads of its frames so far.
  uint32_t announced_ = 0;
  /// Frames of the message so far; 0 between messages.
  uint32_t fragments_ = 0;
  uint32_t empty_fragments_ = 0;
  /// The byte that the next of the payload needs comes first.
  uint32_t mask_ = 0;
  close_code code_ = close_code::no_status;
  bool in_frame_ = false;
  bool final_ = false;
  /// The message that is coming is compressed.
  bool compressed_ = false;
  /// It is UTF-8 as it comes.
  bool plain_text_ = true;
  bool binary_ = false;
  bool takes_binary_;
  utf8_stream utf8_;
};

} // namespace parlor::transport
