// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/receiver.hpp"

#include "tests/bench/wsload/time.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <string>

namespace parlor::bench::wsload {

namespace {

/// As std::string_view::find, with glibc's fast search.
const char* search(std::string_view in, std::string_view what) {
  return static_cast<const char*>(
    memmem(in.data(), in.size(), what.data(), what.size()));
}

} // namespace

receiver::receiver(state& st, links& wire, publisher& out)
  : st_(st), wire_(wire), out_(out), buffer_(read_size) {
  // nop
}

void receiver::readable(client& c) {
  const auto kept = c.partial.size();
  std::memcpy(buffer_.data(), c.partial.data(), kept);
  const auto n = recv(c.fd, buffer_.data() + kept, buffer_.size() - kept, 0);
  if (n <= 0) {
    if (n == 0 || (errno != EAGAIN && errno != EINTR))
      wire_.fail(c, n == 0 ? "closed by the server" : "recv");
    return;
  }
  ++st_.count.reads;
  st_.count.bytes += static_cast<uint64_t>(n);
  const char* at = buffer_.data();
  const char* end = at + kept + n;
  read_at_ = now();
  if (c.state == phase::upgrading) {
    at = upgrade_answer(c, at, end);
    if (at == nullptr || c.fd < 0)
      return;
  }
  const auto before = c.received;
  at = frames(c, at, end);
  if (at == nullptr) {
    if (c.fd >= 0)
      wire_.fail(c, "protocol error");
    return;
  }
  c.partial.assign(at, end);
  out_.after_read(c, c.received - before);
}

const char* receiver::upgrade_answer(client& c, const char* at,
                                     const char* end) {
  constexpr std::string_view status = "HTTP/1.1 101";
  // What belongs to the key of every request.
  constexpr std::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  const std::string_view received{at, static_cast<size_t>(end - at)};
  const auto size = received.find("\r\n\r\n");
  if (size == std::string_view::npos) {
    c.partial = received;
    return nullptr;
  }
  const auto answer = received.substr(0, size);
  if (!answer.starts_with(status)
      || answer.find(accept) == std::string_view::npos) {
    errno = 0;
    st_.note("handshake refused: " + std::string{answer.substr(0, 200)});
    wire_.fail(c, "handshake refused");
    return nullptr;
  }
  wire_.opened(c);
  return at + size + 4;
}

const char* receiver::frames(client& c, const char* at, const char* end) {
  frame_header header;
  while (read_header(at, end, header)) {
    if (header.masked || header.payload_size > read_size / 2) {
      ++st_.count.bad_frames;
      st_.note("bad frame from the server (masked, or "
               + std::to_string(header.payload_size) + " bytes)");
      return nullptr;
    }
    const auto size = static_cast<size_t>(header.payload_size);
    if (static_cast<size_t>(end - at) < header.size + size)
      break;
    const std::string_view payload{at + header.size, size};
    at = payload.data() + size;
    ++st_.count.frames;
    if (header.reserved) {
      ++st_.count.reserved_bits;
      st_.note("frame with RSV bits: compression?");
    }
    if (is_data(header.type)) [[likely]]
      data(c, payload);
    else
      control(c, header.type, payload);
    if (c.fd < 0)
      return nullptr;
  }
  return at;
}

inline const char* receiver::find_stamp(std::string_view payload) const {
  const auto& marker = st_.opts.stamp_marker;
  const auto* at = search(payload, marker);
  if (at == nullptr)
    return nullptr;
  const auto left = static_cast<size_t>(payload.end() - at);
  return left < marker.size() + stamp_size ? nullptr : at + marker.size();
}

inline const char* receiver::expected_stamp(client& c,
                                            std::string_view payload) const {
  const auto& marker = st_.opts.stamp_marker;
  const auto size = marker.size();
  const auto* expected = payload.data() + c.marker_at;
  if (c.marker_at + size + stamp_size <= payload.size()
      && std::memcmp(expected, marker.data(), size) == 0)
    return expected + size;
  const auto* digits = find_stamp(payload);
  if (digits == nullptr)
    return nullptr;
  const auto at = static_cast<size_t>(digits - payload.data()) - size;
  if (at <= std::numeric_limits<uint16_t>::max())
    c.marker_at = static_cast<uint16_t>(at);
  return digits;
}

inline void receiver::data(client& c, std::string_view payload) {
  if (!st_.opts.multi) {
    if (const auto* digits = expected_stamp(c, payload); digits != nullptr)
      delivery(c, digits);
    else
      other(c, payload);
    return;
  }
  const auto before = c.received;
  auto rest = payload;
  while (const auto* digits = find_stamp(rest)) {
    delivery(c, digits);
    rest.remove_prefix(static_cast<size_t>(digits - rest.data()) + stamp_size);
  }
  if (c.received == before)
    other(c, payload);
}

inline void receiver::delivery(client& c, const char* digits) {
  const auto x = parse_stamp(digits);
  ++st_.count.deliveries;
  ++c.received;
  if (st_.recording && st_.count.deliveries % st_.opts.latency_sample == 0)
    st_.latency.add(read_at_ > x.sent_at ? read_at_ - x.sent_at : 0);
  if (!st_.rooms.empty())
    ++st_.rooms[c.room].delivered;
  if (x.publisher == c.publisher)
    ++c.returned;
  if (auto* seen = sequence_of(c, x.publisher); seen != nullptr)
    seen->observe(x.seq, st_.faults);
}

inline sequence* receiver::sequence_of(const client& c, uint32_t number) {
  if (st_.sequences.empty())
    return nullptr;
  const auto per_room = st_.opts.publishers;
  if (number >= st_.publishers.size()) {
    ++st_.count.bad_stamps;
    return nullptr;
  }
  if (st_.pingpong ? number != c.peer : number / per_room != c.room) {
    ++st_.count.aliens;
    return nullptr;
  }
  return &st_.sequences[st_.pingpong
                          ? c.id
                          : size_t{c.id} * per_room + number % per_room];
}

void receiver::other(client& c, std::string_view payload) {
  ++st_.count.others;
  for (const auto& reply : st_.says.replies)
    if (payload == reply.frame) {
      wire_.send_frame(c, wire_.data_opcode(), reply.answer);
      return;
    }
  for (size_t i = 0; i < st_.says.rules.size(); ++i) {
    const auto& rule = st_.says.rules[i];
    if ((c.rules_used >> i & 1) == 0 && payload.starts_with(rule.prefix)) {
      c.rules_used = static_cast<uint8_t>(c.rules_used | 1u << i);
      wire_.send_template(c, rule.answer);
      break;
    }
  }
  if (const auto& marker = st_.opts.ready_marker;
      !c.ready && !marker.empty() && search(payload, marker) != nullptr)
    wire_.set_ready(c);
}

void receiver::control(client& c, opcode type, std::string_view payload) {
  if (type == opcode::ping) {
    ++st_.count.pings;
    wire_.send_frame(c, opcode::pong, payload);
  } else if (type == opcode::close) {
    ++st_.count.close_frames;
    const auto byte = [payload](size_t i) {
      return static_cast<uint8_t>(payload[i]);
    };
    const auto code = payload.size() < 2 ? 0 : byte(0) << 8 | byte(1);
    const auto reason = payload.size() < 2 ? payload : payload.substr(2);
    st_.note("close frame " + std::to_string(code) + " '" + std::string{reason}
             + "'");
  }
}

} // namespace parlor::bench::wsload
