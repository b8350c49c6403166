// SPDX-License-Identifier: MIT
#include "transport/deflater.hpp"

#include <algorithm>
#include <new>
#include <string_view>

#include <zlib.h>

namespace parlor::transport {

namespace {

/// The fastest: a higher one costs 1.5 to 3 times as much for 5 to 12 % less of
/// what is long, and nothing of what is short (docs/decisions/0012).
constexpr int level = 1;

/// log2 of the hash table's size less 7: it is cleared for every message.
constexpr int memory_level = 5;

/// What a message ends with, and is left out (RFC 7692 §7.2.1).
constexpr size_t left_out = 4;

} // namespace

void deflater::end_of::operator()(z_stream_s* x) const noexcept {
  deflateEnd(x);
  delete x;
}

deflater::deflater() : stream_{new z_stream_s{}}, out_{new char[room]} {
  if (deflateInit2(stream_.get(), level, Z_DEFLATED, -window_bits, memory_level,
                   Z_DEFAULT_STRATEGY)
      != Z_OK)
    throw std::bad_alloc{};
}

frame deflater::form_of(const frame& what) {
  auto made = what.packed();
  return made.empty() ? what.keep_packed(compress(what)) : made;
}

frame deflater::compress(const frame& what) {
  ++runs_;
  auto text = what.text();
  auto& z = *stream_;
  deflateReset(&z);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out_.get());
  // One byte more than what is still shorter: where it is left, all is there.
  z.avail_out = static_cast<uInt>(std::min(room, text.size() + left_out));
  auto result = ::deflate(&z, Z_SYNC_FLUSH);
  if (result != Z_OK || z.avail_out == 0)
    return what;
  auto size = static_cast<size_t>(z.total_out);
  return frame::compressed({out_.get(), size - left_out});
}

} // namespace parlor::transport
