// SPDX-License-Identifier: MIT
#pragma once

#include "messages/inspection.hpp"
#include "messages/wire/api.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The inspector's JSON: what a viewer asks for, and what it is shown. Debug
/// builds alone use it.
namespace parlor::wire {

/// The order of this name.
std::optional<actors_order> order_named(std::string_view name) noexcept;

/// What a viewer has in view from now on:
/// `{"picture":true,"list":{"kind","search","thread","order","after","limit"},
/// "actor":17,"serial":3}`, each of them optional.
body<view_query> decode_view(std::string_view text, size_t json_depth);

/// /debug/overview.
std::string render(const picture& x);

/// /debug/actors; `next` is where the next page begins.
std::string render(const actors_page& x, const actors_query& query);

/// /debug/actors/{id}; `state` is null where it did not answer.
std::string render(const actor_detail& x);

/// The same of an actor that there is not.
std::string render_gone(uint64_t id);

/// What one viewer has in view, each as JSON; empty where it is not in view.
struct view_parts {
  uint64_t serial = 0;
  std::string picture;
  std::string list;
  std::string actor;
};

/// `{"type":"update","serial":3,"picture":…,"list":…,"actor":…}`.
std::string render_update(const view_parts& x);

/// `{"type":"error","message":…}`.
std::string render_view_error(std::string_view detail);

} // namespace parlor::wire
