// SPDX-License-Identifier: MIT
#pragma once

#include "messages/time_slice.hpp"
#include "transport/net.hpp"
#include "transport/poller.hpp"

#include <chrono>
#include <cstddef>

namespace parlor::transport {

/// Whose sockets are read when: all of a kind have one slice of each turn of the
/// loop together, and who finds it used up is told again in the next one, in the
/// order in which they asked, each once. So no peer keeps the others of its thread
/// waiting, whatever it sends. Not thread-safe.
class read_queue {
public:
  /// The loop outlives it, and does nothing more for it once it is gone.
  explicit read_queue(asio::io_context& loop) noexcept : loop_{loop} {}

  /// Whether there is time to read; `weight` as in time_slice. Who has none asks
  /// to be told again.
  bool admit(unsigned weight = 1) noexcept {
    if (over())
      return false;
    spend(weight);
    return true;
  }

  /// What was read has cost more than was known before.
  void spend(size_t weight) noexcept {
    spent_ += weight;
    slice_.lasts(static_cast<unsigned>(weight));
  }

  /// Whether nobody should read on in this turn.
  bool over() const noexcept {
    return slice_.over() || (gives_way_ && spent_ >= least);
  }

  /// Tells `who` in the next turn that something may be there; it must not be
  /// among those who ended.
  void postpone(poll_target& who) noexcept {
    if (!who.is_linked())
      waiting_.push_back(who);
  }

  /// To be called at the end of each turn. In the next one a step or two are read
  /// where all `give_way`: what is read makes work, and there is enough.
  void end_of_turn(bool give_way = false) noexcept;

private:
  void go_on() noexcept;

  /// Of a turn: as short as that nobody feels it, and long enough for several
  /// handshakes of TLS.
  static constexpr std::chrono::milliseconds length{1};

  /// What is read in any case, in weight: who asks and who is accepted has 8.
  static constexpr size_t least = 16;

  asio::io_context& loop_;
  time_slice<> slice_{length};
  bool gives_way_ = false;
  size_t spent_ = 0;
  poll_targets waiting_;
  bool posted_ = false;
};

} // namespace parlor::transport
