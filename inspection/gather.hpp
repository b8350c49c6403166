// SPDX-License-Identifier: MIT
#pragma once

#include "messages/limits.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace parlor::inspection {

/// Asks several actors at once, and calls `then` with what they answered, in
/// their order, when all have: none for who did not within `admin_patience`, or
/// cannot any more.
template <class Answer, class Self, class Handle, class Message, class F>
void gather(Self* self, const std::vector<Handle>& whom, const Message& what,
            F then) {
  struct gathering {
    std::vector<std::optional<Answer>> answers;
    size_t missing;
    F then;
  };
  if (whom.empty())
    return then(std::vector<std::optional<Answer>>{});
  auto all = std::make_shared<gathering>(
    gathering{std::vector<std::optional<Answer>>(whom.size()), whom.size(),
              std::move(then)});
  auto one_less = [all] {
    if (--all->missing == 0)
      all->then(std::move(all->answers));
  };
  for (size_t i = 0; i < whom.size(); ++i)
    self->request(whom[i], admin_patience, what)
      .then(
        [all, one_less, i](Answer& x) {
          all->answers[i] = std::move(x);
          one_less();
        },
        [one_less](const caf::error&) { one_less(); });
}

} // namespace parlor::inspection
