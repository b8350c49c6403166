// SPDX-License-Identifier: MIT
#pragma once

#include "messages/sip_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parlor {

/// Hashes what clients choose, for hash tables and for the placement on threads:
/// SipHash-1-3 under a random key of this process, so that nobody can choose
/// names that meet in one bucket, or on one thread (docs/decisions/0040). Nothing
/// that leaves the process may depend on it.
class keyed_hash {
public:
  size_t operator()(std::string_view text) const noexcept;

  /// Of an id that the service gave, whose receiver can only choose which of
  /// them to keep: a secret and a multiplication, no more.
  size_t operator()(uint64_t id) const noexcept {
    return size_t((id ^ key_.k0) * 0x9E3779B97F4A7C15u);
  }

  /// From here on the key is this one, for runs that are repeated exactly. To be
  /// called before anything is hashed.
  static void use(const sip_key& key) noexcept { key_ = key; }

  static const sip_key& key() noexcept { return key_; }

private:
  static sip_key key_;
};

/// A key that nobody knows. Throws where the kernel has none.
sip_key random_sip_key();

} // namespace parlor
