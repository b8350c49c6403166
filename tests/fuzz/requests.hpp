// SPDX-License-Identifier: MIT
#pragma once

#include "tests/fuzz/fuzz.hpp"
#include "transport/http_exchange.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace parlor::fuzz {

/// One HTTP request, read as a session reads it from its socket.
class request_reading {
public:
  /// Takes bytes as they came from the socket.
  void take(std::string_view bytes) {
    rest_ += bytes;
    if (!error_ && !has_head())
      take_part(&transport::http_exchange::take_head);
    if (!error_ && has_head() && !whole())
      take_part(&transport::http_exchange::take_body);
  }

  bool has_head() const { return exchange_->parser.is_header_done(); }

  bool whole() const { return exchange_->parser.is_done(); }

  transport::error_code error() const { return error_; }

  transport::request_head head() const { return exchange_->head(); }

  const std::string& body() const { return exchange_->parser.get().body(); }

  /// What was taken and not understood, and has to be kept.
  size_t left() const { return rest_.size(); }

private:
  using part
    = transport::error_code (transport::http_exchange::*)(std::string_view&);

  void take_part(part which) {
    std::string_view input{rest_};
    error_ = (*exchange_.*which)(input);
    rest_.erase(0, rest_.size() - input.size());
  }

  std::unique_ptr<transport::http_exchange> exchange_
    = std::make_unique<transport::http_exchange>();
  std::string rest_;
  transport::error_code error_;
};

/// The request at the front of these bytes, which come in pieces of this size.
inline request_reading read_request(std::string_view bytes, size_t piece) {
  request_reading result;
  while (!bytes.empty() && !result.error() && !result.whole()) {
    auto taken = bytes.substr(0, piece);
    result.take(taken);
    bytes.remove_prefix(taken.size());
  }
  return result;
}

/// The most that is kept at once of a request that begins with these bytes and
/// then repeats the last of them, so many, for ever; bytes are dropped once it is
/// whole or refused.
inline size_t most_kept(std::string_view bytes, size_t repeated) {
  constexpr size_t enough = 4 * max_header_bytes;
  request_reading reading;
  auto again = bytes.substr(bytes.size() - std::min(repeated, bytes.size()));
  std::string piece;
  while (!again.empty() && piece.size() < max_header_bytes / 4)
    piece += again;
  size_t most = 0;
  reading.take(bytes);
  for (size_t more = 0;
       more < enough && !piece.empty() && !reading.error() && !reading.whole();
       more += piece.size()) {
    most = std::max(most, reading.left());
    reading.take(piece);
  }
  return most;
}

/// Whether two readings of the same bytes came to the same. What is wrong in a
/// part that has not come whole is told early or late.
inline bool same(const request_reading& x, const request_reading& y) {
  if (x.has_head() != y.has_head() || x.whole() != y.whole())
    return false;
  if (x.error() != y.error())
    return !x.whole() && !(x.error() && y.error());
  if (!x.has_head())
    return true;
  auto one = x.head();
  auto other = y.head();
  return one.method == other.method && one.target == other.target
         && one.version == other.version && one.headers == other.headers
         && (!x.whole() || x.body() == y.body());
}

} // namespace parlor::fuzz
