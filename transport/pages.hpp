// SPDX-License-Identifier: MIT
#pragma once

#include "transport/http_reply.hpp"
#include "transport/request_head.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace parlor::transport {

/// A file that is in the binary: of the chat page, the operator's page or the
/// client library, or a description of the protocol.
struct page {
  /// Where it is served, such as `/parlor.js`.
  std::string_view path;
  /// Its Content-Type.
  std::string_view type;
  /// A hash of its bytes, quoted.
  std::string_view etag;
  std::string_view body;
};

/// All there are. The build makes them of `web/`, `clients/js/` and `docs/`.
std::span<const page> pages() noexcept;

/// The answer to a request for one of them: to GET and HEAD the file, or 304
/// where the caller has it; to anything else 405. Where the slash at a path's end
/// is left out, 301 to the path with it. None where no page is at this path, which
/// may have a query. Pure.
std::optional<http_reply> serve_page(const request_head& head,
                                     std::span<const page> from = pages());

} // namespace parlor::transport
