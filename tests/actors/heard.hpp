// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/actor_fixture.hpp"

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::test {

/// Frames as a client reads them.
using texts = std::vector<std::string>;

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// How many of the frames have this in them.
inline size_t count_of(const texts& all, std::string_view part) {
  size_t result = 0;
  for (auto& one : all)
    result += has(one, part);
  return result;
}

/// Whether a frame is the error of this code.
inline bool is_error(std::string_view text, std::string_view code) {
  std::string begin = R"({"type":"error","code":")";
  return text.starts_with(begin.append(code).append("\""));
}

/// Waits for the end of an actor, from another one that it keeps alive.
class ending {
public:
  ending() = default;

  template <class Handle>
  ending(actor_fixture& in, const Handle& whom) {
    watcher_ = in.spawn_function(
      [whom, into = reason_](caf::event_based_actor* self, int) {
        self->monitor(whom);
        self->set_down_handler([=](caf::down_msg& x) {
          *into = x.reason;
          self->quit();
        });
        return caf::behavior{[](caf::unit_t) {}};
      });
  }

  /// The reason that it has ended with, if it has.
  const std::optional<caf::error>& reason() const { return *reason_; }

private:
  std::shared_ptr<std::optional<caf::error>> reason_
    = std::make_shared<std::optional<caf::error>>();
  caf::actor watcher_;
};

} // namespace parlor::test
