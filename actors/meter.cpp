// SPDX-License-Identifier: MIT
#include "actors/meter.hpp"

namespace parlor {

meter_state::meter_state(actor_type::pointer self_ptr, const environment* with)
  : self{self_ptr}, env{with} {}

meter_actor::behavior_type meter_state::make_behavior() {
  return {
    [this](state_query x) { return inspect(x); },
    [this](atom::stats) { return env->look_at_process(); },
  };
}

report meter_state::inspect(state_query x) const {
  return {name, self->id(), x.about};
}

} // namespace parlor
