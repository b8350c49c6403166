// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace parlor {

/// One unmasked WebSocket text frame, ready for the socket: header and payload
/// (RFC 6455 §5.2) in one immutable block that all its receivers share.
/// Copying costs a reference count; a default-made frame is empty and means
/// "nothing to send". Thread-safe as every immutable value.
class frame {
public:
  frame() = default;

  /// Copies `payload`, valid UTF-8, behind a header.
  explicit frame(std::string_view payload);

  bool empty() const noexcept { return size_ == 0; }

  /// What goes to the socket: header and payload.
  std::string_view bytes() const noexcept { return {data_.get(), size_}; }

  /// What the client sees: the payload alone.
  std::string_view text() const noexcept {
    return bytes().substr(header_size());
  }

  friend bool operator==(const frame& x, const frame& y) noexcept {
    return x.bytes() == y.bytes();
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, frame& x) {
    std::string buf;
    if constexpr (Inspector::reads_state)
      buf = x.text();
    auto load = [&]() -> caf::error {
      x = buf.empty() ? frame{} : frame{buf};
      return caf::none;
    };
    return f(caf::meta::type_name("frame"), buf,
             caf::meta::load_callback(load));
  }

private:
  size_t header_size() const noexcept;

  std::shared_ptr<const char[]> data_;
  uint32_t size_ = 0;
};

/// One event in every dialect in use; the empty frame for a dialect that is
/// not in use or that says nothing of such an event.
struct frames {
  std::array<frame, dialects> by_dialect;

  const frame& operator[](dialect x) const { return by_dialect[index_of(x)]; }

  frame& operator[](dialect x) { return by_dialect[index_of(x)]; }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, frames& x) {
    return f(caf::meta::type_name("frames"), x.by_dialect[0], x.by_dialect[1],
             x.by_dialect[2]);
  }
};

} // namespace parlor
