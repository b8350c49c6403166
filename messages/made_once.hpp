// SPDX-License-Identifier: MIT
#pragma once

#include "messages/all.hpp"

#include <caf/detail/tuple_vals.hpp>

/// How CAF 0.17 copies, prints and serializes a message, in a mailbox and in a
/// caf::message. It took the compiler up to a third of its time in each file that
/// sends or handles some; now messages/add_messages.cpp alone makes it.
#define PARLOR_INSTANTIATE(how, message) \
  how class caf::detail::tuple_vals_impl<caf::type_erased_tuple, \
                                         parlor::message>; \
  how class caf::detail::tuple_vals_impl<caf::detail::message_data, \
                                         parlor::message>; \
  how class caf::detail::tuple_vals<parlor::message>;

#define PARLOR_MADE_ELSEWHERE(message) \
  PARLOR_INSTANTIATE(extern template, message)
PARLOR_MESSAGES(PARLOR_MADE_ELSEWHERE)
#undef PARLOR_MADE_ELSEWHERE
