// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/frame_block.hpp"

#include <caf/error.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace parlor {

/// One unmasked WebSocket text frame (but for `binary`), ready for the socket: header and payload
/// (RFC 6455 §5.2) in one immutable block that all its receivers share, and
/// with it a compressed form once somebody has made one. Copying costs a
/// reference count; a default-made frame is empty and means "nothing to send".
/// Thread-safe as every immutable value.
class frame {
public:
  frame() = default;

  /// Copies `payload`, valid UTF-8, behind a header.
  explicit frame(std::string_view payload,
                 frame_kind kind = frame_kind::unnamed);

  /// Copies the payload of a binary message, of which there is no compressed
  /// form.
  static frame binary(std::string_view payload);

  /// Copies a payload that is compressed, which RSV1 says (RFC 7692 §6).
  static frame compressed(std::string_view payload);

  bool empty() const noexcept { return !block_; }

  /// What goes to the socket: header and payload.
  std::string_view bytes() const noexcept {
    return block_ ? block_->bytes() : std::string_view{};
  }

  /// What the client sees: the payload alone.
  std::string_view text() const noexcept {
    return bytes().substr(header_size());
  }

  /// What it tells, for statistics; not that of the compressed form.
  frame_kind kind() const noexcept {
    return block_ ? block_->kind() : frame_kind::unnamed;
  }

  /// The form for those who inflate, which may be this frame itself; empty as
  /// long as none is kept. This frame is not empty.
  frame packed() const noexcept;

  /// Keeps such a form for all who share this frame. The first one counts: of
  /// threads that make it at the same time all get that.
  frame keep_packed(const frame& form) const noexcept;

  friend bool operator==(const frame& x, const frame& y) noexcept {
    return x.bytes() == y.bytes();
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, frame& x) {
    std::string buf;
    auto kind = frame_kind::unnamed;
    if constexpr (Inspector::reads_state) {
      buf = x.text();
      kind = x.kind();
    }
    auto load = [&]() -> caf::error {
      x = buf.empty() ? frame{} : frame{buf, kind};
      return caf::none;
    };
    return f(caf::meta::type_name("frame"), buf, kind,
             caf::meta::load_callback(load));
  }

private:
  frame(char first_byte, std::string_view payload, frame_kind kind);

  size_t header_size() const noexcept;

  caf::intrusive_ptr<frame_block> block_;
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
