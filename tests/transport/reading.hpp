// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/catch.hpp"
#include "transport/frame_reader.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::test {

/// The longest message, unless a test says otherwise.
inline constexpr size_t reading_limit = 1000;

/// A frame as a client sends it, with a length of so many bytes where it says
/// so: 0 for the shortest.
inline std::string frame_of(uint8_t head, std::string_view payload,
                            int length_bytes = 0) {
  std::string result(1, static_cast<char>(head));
  auto size = payload.size();
  if (length_bytes == 0)
    length_bytes = size < 126 ? 1 : size < 65536 ? 2 : 8;
  if (length_bytes == 1)
    result += static_cast<char>(0x80 | size);
  else
    result += static_cast<char>(length_bytes == 2 ? 0xFE : 0xFF);
  for (auto i = length_bytes > 1 ? length_bytes : 0; i-- > 0;)
    result += static_cast<char>(uint64_t{size} >> (8 * i));
  const std::string mask("\x12\xFE\x00\x9A", 4);
  result += mask;
  for (size_t i = 0; i < size; ++i)
    result += static_cast<char>(payload[i] ^ mask[i % 4]);
  return result;
}

/// One line for each thing that was found, as far as a violation or a close.
inline std::vector<std::string> read(std::string bytes, size_t piece,
                                     size_t most = reading_limit,
                                     transport::inflater* inflates = nullptr) {
  using transport::finding;
  transport::frame_reader reader{most, inflates};
  std::vector<std::string> result;
  std::string rest;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    rest += bytes.substr(at, piece);
    std::span<char> input{rest};
    for (;;) {
      auto found = reader.next(input);
      auto code = std::to_string(static_cast<int>(reader.code()));
      if (found == finding::nothing)
        break;
      if (found == finding::message)
        result.push_back("message " + reader.take_message());
      else if (found == finding::ping)
        result.push_back("ping " + std::string{reader.payload()});
      else if (found == finding::pong)
        result.push_back("pong " + std::string{reader.payload()});
      else if (found == finding::close)
        result.push_back("close " + code + " " + std::string{reader.reason()});
      else
        result.push_back("violation " + code);
      if (found >= finding::close)
        return result;
    }
    rest.assign(input.begin(), input.end());
    CHECK(rest.size() < 140);
  }
  return result;
}

} // namespace parlor::test
