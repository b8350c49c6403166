// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ports.hpp"
#include "transport/request_head.hpp"

#include <string>
#include <utility>
#include <vector>

namespace parlor::transport {

/// An answer: JSON, or an RFC 9457 problem from 400 on, unless its headers say
/// another Content-Type.
struct http_reply {
  unsigned status = 200;
  std::string body;
  /// Beyond those that every answer has, or in their place.
  std::vector<std::pair<std::string, std::string>> headers;
};

http_reply to_reply(api_answer what);

http_reply to_reply(const refusal& why);

/// The bytes of an answer; to HEAD without the body, whose length is told. `date`
/// is the value of the header of that name, or empty.
std::string render(const http_reply& what, bool keep_alive, bool head_only,
                   std::string_view date = {});

} // namespace parlor::transport
