// SPDX-License-Identifier: MIT
#pragma once

namespace parlor {

/// Calls that may come within one another: what they have made due is done once,
/// at the end of the outermost. Not thread-safe.
class outermost {
public:
  /// Does something, and then, if nothing is around it, what is due.
  template <class F, class G>
  void run(F f, G do_what_is_due) {
    ++depth_;
    f();
    if (depth_ == 1)
      do_what_is_due();
    --depth_;
  }

private:
  unsigned depth_ = 0;
};

} // namespace parlor
