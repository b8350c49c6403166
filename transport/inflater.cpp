// SPDX-License-Identifier: MIT
#include "transport/inflater.hpp"

#include <new>

#include <zlib.h>

namespace parlor::transport {

namespace {

/// What every message ends with, and the sender leaves out (RFC 7692 §7.2.1).
constexpr std::string_view left_out{"\x00\x00\xFF\xFF", 4};

/// The widest window, so that clients may use any; negative: no zlib header.
constexpr int any_window = -15;

/// zlib reads through a pointer that could write.
Bytef* in_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

} // namespace

void inflater::end_of::operator()(z_stream_s* x) const noexcept {
  inflateEnd(x);
  delete x;
}

inflater::inflater() : stream_{new z_stream_s{}}, piece_{new char[piece_size]} {
  if (inflateInit2(stream_.get(), any_window) != Z_OK)
    throw std::bad_alloc{};
}

inflater::outcome inflater::inflate(std::string_view payload, size_t most,
                                    std::string& into) {
  into.clear();
  inflateReset(stream_.get());
  if (auto x = feed(payload, most, into); x != outcome::good)
    return x;
  if (auto x = feed(left_out, most, into); x != outcome::good)
    return x;
  return at_end_of_block() ? outcome::good : outcome::corrupt;
}

inflater::outcome inflater::feed(std::string_view bytes, size_t most,
                                 std::string& into) {
  auto& z = *stream_;
  z.next_in = in_of(bytes);
  z.avail_in = static_cast<uInt>(bytes.size());
  do {
    z.next_out = reinterpret_cast<Bytef*>(piece_.get());
    z.avail_out = piece_size;
    auto result = ::inflate(&z, Z_SYNC_FLUSH);
    auto made = piece_size - z.avail_out;
    if (made > most - into.size())
      return outcome::too_big;
    into.append(piece_.get(), made);
    if (result == Z_STREAM_END) {
      // A sender may end streams inside of a message (RFC 7692 §7.2.3.4).
      inflateReset(&z);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return outcome::corrupt;
    }
  } while (z.avail_in > 0 || z.avail_out == 0);
  return outcome::good;
}

/// zlib tells in `data_type`: 128 stands for an end of a block, and the lowest
/// bits count what of the input's last byte is not used.
bool inflater::at_end_of_block() const noexcept {
  constexpr int end_of_block = 128;
  constexpr int unused_bits = 63;
  return (stream_->data_type & (end_of_block | unused_bits)) == end_of_block;
}

} // namespace parlor::transport
