// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/frame.hpp"
#include "tests/bench/wsload/links.hpp"
#include "tests/bench/wsload/publisher.hpp"
#include "tests/bench/wsload/state.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace parlor::bench::wsload {

/// Reads, takes frames apart and counts what arrived. A delivery counts when
/// it was parsed here, so what sits in kernel buffers does not.
class receiver {
public:
  receiver(state& st, links& wire, publisher& out);

  /// The socket has bytes, or its end.
  void readable(client& c);

private:
  /// Null where the answer is incomplete or no: else what is behind it.
  const char* upgrade_answer(client& c, const char* at, const char* end);
  /// All complete frames: the first byte that is left, null after an error.
  const char* frames(client& c, const char* at, const char* end);
  void data(client& c, std::string_view payload);
  void control(client& c, opcode type, std::string_view payload);

  /// The digits behind the first marker, or null.
  const char* find_stamp(std::string_view payload) const;
  const char* expected_stamp(client& c, std::string_view payload) const;

  void delivery(client& c, const char* digits);
  /// What this client has seen of the publisher; null where not checked.
  sequence* sequence_of(const client& c, uint32_t publisher);
  void other(client& c, std::string_view payload);

  state& st_;
  links& wire_;
  publisher& out_;
  std::vector<char> buffer_;
  /// When the read that is taken apart came back.
  uint64_t read_at_ = 0;
};

} // namespace parlor::bench::wsload
