// SPDX-License-Identifier: MIT
#include "messages/frame.hpp"

#include <algorithm>

namespace parlor {

namespace {

constexpr char final_text_frame = char(0x81);
constexpr char final_binary_frame = char(0x82);
constexpr char final_compressed_text_frame = char(0xC1);
constexpr char length_in_2_bytes = 126;
constexpr char length_in_8_bytes = 127;

constexpr size_t header_size_for(size_t payload) {
  return payload < 126 ? 2u : payload < 65536 ? 4u : 10u;
}

char* put_header(char* out, char first_byte, uint64_t payload) {
  auto put_length = [&](int bytes) {
    while (bytes-- > 0)
      *out++ = char(payload >> (8 * bytes));
  };
  *out++ = first_byte;
  if (payload < 126) {
    put_length(1);
  } else if (payload < 65536) {
    *out++ = length_in_2_bytes;
    put_length(2);
  } else {
    *out++ = length_in_8_bytes;
    put_length(8);
  }
  return out;
}

} // namespace

frame::frame(std::string_view payload, frame_kind kind)
  : frame{final_text_frame, payload, kind} {}

frame::frame(char first_byte, std::string_view payload, frame_kind kind)
  : block_{frame_block::make(
             uint32_t(header_size_for(payload.size()) + payload.size()), kind),
           false} {
  std::copy(payload.begin(), payload.end(),
            put_header(block_->data(), first_byte, payload.size()));
}

frame frame::binary(std::string_view payload) {
  return {final_binary_frame, payload, frame_kind::unnamed};
}

frame frame::compressed(std::string_view payload) {
  return {final_compressed_text_frame, payload, frame_kind::unnamed};
}

frame frame::packed() const noexcept {
  frame result;
  result.block_.reset(block_->twin());
  return result;
}

frame frame::keep_packed(const frame& form) const noexcept {
  return block_->keep(form.block_.get()) ? form : packed();
}

size_t frame::header_size() const noexcept {
  if (empty())
    return 0;
  switch (bytes()[1]) {
    case length_in_2_bytes:
      return 4;
    case length_in_8_bytes:
      return 10;
    default:
      return 2;
  }
}

} // namespace parlor
