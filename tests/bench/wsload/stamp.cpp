// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/stamp.hpp"

namespace parlor::bench::wsload {

void append_digits(std::string& out, uint64_t value, size_t width) {
  const auto begin = out.size();
  out.resize(begin + width);
  for (size_t i = begin + width; i-- > begin; value /= 10)
    out[i] = static_cast<char>('0' + value % 10);
}

void append_stamp(std::string& out, std::string_view marker, const stamp& x) {
  out += marker;
  append_digits(out, x.sent_at, 16);
  out += '.';
  append_digits(out, x.publisher, 8);
  out += '.';
  append_digits(out, x.seq, 8);
}

} // namespace parlor::bench::wsload
