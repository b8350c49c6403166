// SPDX-License-Identifier: MIT
#pragma once

#include "transport/deflater.hpp"
#include "transport/turn.hpp"

#include <cstdint>
#include <optional>

namespace parlor::transport {

/// A frame on its way to some receivers, plain and compressed: the latter is
/// made when the first of them wants it. To be used in one call, before
/// anything else is kept in the turn. Not thread-safe.
class both_forms {
public:
  /// The frame is not empty. Without a deflater, and where it is shorter than
  /// `least` bytes, there is only the plain form.
  both_forms(turn& now, deflater* deflates, const frame& what, size_t least)
    : turn_{now},
      deflater_{deflates},
      what_{what},
      plain_{now.keep(what)},
      size_{judge(deflates, what.bytes().size(), least)} {}

  /// The form for a receiver of this reach, see permessage_deflate.hpp.
  turn::index of(uint8_t reach) {
    return size_ >> reach == 0 ? compressed() : plain_;
  }

private:
  static constexpr uint32_t never = ~uint32_t{0};

  static uint32_t judge(const deflater* deflates, size_t size, size_t least) {
    return deflates && size >= least && size <= deflater::most
             ? static_cast<uint32_t>(size)
             : never;
  }

  turn::index compressed() {
    if (!compressed_)
      compressed_ = turn_.keep_beside(deflater_->form_of(what_));
    return *compressed_;
  }

  turn& turn_;
  deflater* deflater_;
  const frame& what_;
  turn::index plain_;
  std::optional<turn::index> compressed_;
  /// With its header, so a little more than what has to be in reach.
  uint32_t size_;
};

} // namespace parlor::transport
