// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "messages/handles.hpp"
#include "messages/process_vitals.hpp"
#include "messages/report.hpp"

namespace parlor {

/// Looks at the process when it is asked, which may take as long as the kernel
/// needs to count 100,000 descriptors: so it runs on CAF's own scheduler, not on
/// an I/O thread. Owns nothing, and ends with admin, which alone holds it.
struct meter_state {
  using actor_type = meter_actor;
  static constexpr const char* name = "meter";

  /// `look_at_process` is there.
  meter_state(actor_type::pointer self, const environment* env);

  actor_type::behavior_type make_behavior();

  report inspect(state_query x) const;

  actor_type::pointer self;
  const environment* env;
};

} // namespace parlor
