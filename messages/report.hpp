// SPDX-License-Identifier: MIT
#pragma once

#include <caf/meta/type_name.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parlor {

/// Asks any actor for its state. Of its links that to `about` is in the answer,
/// however many there are; 0 is nobody.
struct state_query {
  uint64_t about = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, state_query& x) {
  return f(caf::meta::type_name("state_query"), x.about);
}

/// What another actor is to one.
enum class relation : uint8_t {
  /// It hears of the other's end.
  monitors,
  /// The other ends with it.
  owns,
  /// It may send to the other.
  knows,
};

/// As the inspector shows them.
inline constexpr std::string_view relation_names[]{"monitors", "owns", "knows"};

/// One thing that an actor holds, by name.
struct state_field {
  enum class form : uint8_t { number, flag, text, list };

  std::string name = {};
  form is = form::text;
  /// One, but for a list.
  std::vector<std::string> values = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, state_field& x) {
  return f(caf::meta::type_name("state_field"), x.name, x.is, x.values);
}

/// One actor that another has to do with.
struct actor_link {
  relation is = relation::knows;
  std::string kind;
  uint64_t actor = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, actor_link& x) {
  return f(caf::meta::type_name("actor_link"), x.is, x.kind, x.actor);
}

/// The state of one actor at one moment, for people: what kind it is, what it
/// holds, and whom it has to do with. Contents of messages are never in it.
struct report {
  /// Links that are told, whatever there are.
  static constexpr size_t most_links = 64;

  std::string kind;
  uint64_t actor = 0;
  /// Whose link is told in any case.
  uint64_t about = 0;
  std::vector<state_field> state = {};
  /// At most `most_links`, and one.
  std::vector<actor_link> links = {};
  /// How many there are.
  uint64_t linked = 0;

  report& number(std::string field, uint64_t value) {
    return add(std::move(field), state_field::form::number,
               {std::to_string(value)});
  }

  report& flag(std::string field, bool value) {
    return add(std::move(field), state_field::form::flag,
               {value ? "true" : "false"});
  }

  report& text(std::string field, std::string value) {
    return add(std::move(field), state_field::form::text, {std::move(value)});
  }

  report& list(std::string field, std::vector<std::string> values) {
    return add(std::move(field), state_field::form::list, std::move(values));
  }

  /// Nothing where there is no such actor.
  report& link(relation is, std::string_view to_kind, uint64_t to) {
    if (to == 0)
      return *this;
    ++linked;
    if (links.size() < most_links || to == about)
      links.push_back({is, std::string{to_kind}, to});
    return *this;
  }

  /// The same for a handle, or the address of an actor.
  template <class Handle>
  report& link_to(relation is, std::string_view to_kind, const Handle& to) {
    return to ? link(is, to_kind, to.id()) : *this;
  }

private:
  report& add(std::string field, state_field::form is,
              std::vector<std::string> values) {
    state.push_back({std::move(field), is, std::move(values)});
    return *this;
  }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, report& x) {
  return f(caf::meta::type_name("report"), x.kind, x.actor, x.about, x.state,
           x.links, x.linked);
}

} // namespace parlor
