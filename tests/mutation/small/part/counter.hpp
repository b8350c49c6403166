// SPDX-License-Identifier: MIT
#pragma once

/// Counts up to a limit.
struct counter {
  int limit;
  int count = 0;
  int refused = 0;

  /// False where the limit is reached.
  bool add();

  /// Goes on until nothing is left.
  void drain();
};
