// SPDX-License-Identifier: MIT
#include "inspection/message_names.hpp"

#include <caf/actor_cast.hpp>
#include <caf/atom.hpp>
#include <caf/local_actor.hpp>

#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

namespace parlor::inspection {

namespace {

std::string demangled(const char* name) {
  auto status = 0;
  std::unique_ptr<char, decltype(&std::free)> text{
    abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free};
  return status == 0 ? text.get() : name;
}

/// Without what all names of ours, or of CAF's, begin with.
std::string_view short_name(std::string_view name) {
  for (std::string_view prefix : {"parlor::", "caf::", "@"})
    if (name.starts_with(prefix))
      name.remove_prefix(prefix.size());
  return name;
}

void append_type(std::string& out, const caf::type_erased_tuple& content,
                 size_t at, const caf::uniform_type_info_map& types) {
  if (content.match_element<caf::atom_value>(at)) {
    out += "atom " + caf::to_string(content.get_as<caf::atom_value>(at));
    return;
  }
  auto type = content.type(at);
  auto name = types.portable_name(type);
  // What has no id that CAF knows of.
  if (name.starts_with('?') && type.second != nullptr)
    name = demangled(type.second->name());
  out += short_name(name);
}

} // namespace

std::string name_of(const caf::mailbox_element& x,
                    const caf::uniform_type_info_map& types) {
  std::string result = x.mid.is_response() ? "answer: " : "";
  auto& content = x.content();
  for (size_t i = 0; i < content.size(); ++i) {
    if (i > 0)
      result += ", ";
    append_type(result, content, i, types);
  }
  return result;
}

std::string_view sender_kind(const caf::mailbox_element& x) {
  if (!x.sender)
    return {};
  auto* sender = caf::actor_cast<caf::abstract_actor*>(x.sender);
  auto* local = dynamic_cast<caf::local_actor*>(sender);
  return local != nullptr ? std::string_view{local->name()}
                          : std::string_view{};
}

} // namespace parlor::inspection
