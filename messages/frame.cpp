// SPDX-License-Identifier: MIT
#include "messages/frame.hpp"

#include <algorithm>

namespace parlor {

namespace {

constexpr char final_text_frame = char(0x81);
constexpr char length_in_2_bytes = 126;
constexpr char length_in_8_bytes = 127;

constexpr size_t header_size_for(size_t payload) {
  return payload < 126 ? 2u : payload < 65536 ? 4u : 10u;
}

char* put_header(char* out, uint64_t payload) {
  auto put_length = [&](int bytes) {
    while (bytes-- > 0)
      *out++ = char(payload >> (8 * bytes));
  };
  *out++ = final_text_frame;
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

frame::frame(std::string_view payload)
  : size_{uint32_t(header_size_for(payload.size()) + payload.size())} {
  auto data = std::make_shared_for_overwrite<char[]>(size_);
  std::copy(payload.begin(), payload.end(),
            put_header(data.get(), payload.size()));
  data_ = std::move(data);
}

size_t frame::header_size() const noexcept {
  if (empty())
    return 0;
  switch (data_[1]) {
    case length_in_2_bytes:
      return 4;
    case length_in_8_bytes:
      return 10;
    default:
      return 2;
  }
}

} // namespace parlor
