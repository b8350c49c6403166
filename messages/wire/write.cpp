// SPDX-License-Identifier: MIT
#include "messages/wire/write.hpp"

#include "messages/wire/names.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

namespace parlor::wire {

namespace {

constexpr size_t scratch_bytes_kept = 262144;

/// Writes the last `width` digits of a number and returns what is behind them.
char* put_digits(char* out, unsigned value, unsigned width) {
  for (auto i = width; i > 0; --i) {
    out[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

} // namespace

void write(std::string& out, foreign x) {
  if (valid_utf8(x.text))
    return write(out, quoted{x.text});
  std::string utf8;
  for (auto c : x.text) {
    auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x80) {
      utf8 += static_cast<char>(0xC0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    } else {
      utf8 += c;
    }
  }
  write(out, quoted{utf8});
}

void write(std::string& out, thousandths x) {
  // Far above all that is measured here, and short enough for the buffer.
  constexpr double largest = 1e18;
  if (!std::isfinite(x.value)) {
    out.append("null");
    return;
  }
  std::array<char, 32> text;
  auto end = std::to_chars(text.begin(), text.end(),
                           std::clamp(x.value, -largest, largest),
                           std::chars_format::fixed, 3)
               .ptr;
  out.append(text.begin(), end);
}

void write(std::string& out, event::timestamp x) {
  using namespace std::chrono;
  auto since_1970 = floor<milliseconds>(x);
  auto midnight = floor<days>(since_1970);
  auto date = year_month_day{midnight};
  auto ms = static_cast<unsigned>((since_1970 - midnight).count());
  char text[] = "\"0000-00-00T00:00:00.000Z\"";
  auto put = [at = text](unsigned value, unsigned width) mutable {
    at = put_digits(at + 1, value, width);
  };
  put(static_cast<unsigned>(int{date.year()}), 4);
  put(unsigned{date.month()}, 2);
  put(unsigned{date.day()}, 2);
  put(ms / 3600000, 2);
  put(ms / 60000 % 60, 2);
  put(ms / 1000 % 60, 2);
  put(ms % 1000, 3);
  out.append(text, sizeof text - 1);
}

void write(std::string& out, const event::roster& x) {
  if (x.users)
    write_all(out, R"("members":)", *x.users);
  else
    write_all(out, R"("member_count":)", x.count);
}

std::string& scratch() {
  thread_local std::string buffer;
  buffer.clear();
  if (buffer.capacity() > scratch_bytes_kept)
    buffer.shrink_to_fit();
  return buffer;
}

} // namespace parlor::wire
