// SPDX-License-Identifier: MIT
#pragma once

#include "transport/pages.hpp"

#include <span>

namespace parlor::inspection {

/// The inspector's page and its parts. The build makes them of `web/inspect/`.
std::span<const transport::page> inspect_pages() noexcept;

} // namespace parlor::inspection
