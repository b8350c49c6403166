// SPDX-License-Identifier: MIT
#include "cluster/etcd/terms.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace parlor::etcd {

namespace {

bool is_none(const term_value& x) {
  return x == term_value{uint64_t{0}} || x == term_value{"none"};
}

bool agree(const term& mine, const term_value& its) {
  switch (mine.wanted) {
    case agreement::both_or_none:
      return is_none(mine.value) == is_none(its);
    case agreement::same:
      return mine.value == its;
    case agreement::told:
      break;
  }
  return true;
}

} // namespace

term_values decode_terms(std::string_view key_value) {
  term_values result;
  auto value = nlohmann::json::parse(key_value, nullptr, false);
  if (!value.is_object() || !value.contains("terms")
      || !value["terms"].is_object())
    return result;
  for (const auto& [setting, its] : value["terms"].items())
    if (its.is_number_unsigned())
      result.emplace(setting, its.get<uint64_t>());
    else if (its.is_string())
      result.emplace(setting, its.get<std::string>());
  return result;
}

std::optional<disagreement> disagreement_of(const terms& mine,
                                            std::string_view self,
                                            const std::vector<entry>& all,
                                            std::string_view prefix,
                                            uint64_t before) {
  for (const auto& one : all) {
    if (!one.key.starts_with(prefix) || one.created >= before
        || one.key.substr(prefix.size()) == self)
      continue;
    auto its = decode_terms(one.value);
    for (const auto& [setting, here] : mine)
      if (auto there = its.find(setting);
          there != its.end() && !agree(here, there->second))
        return disagreement{setting, here.value, one.key.substr(prefix.size()),
                            std::move(there->second)};
  }
  return std::nullopt;
}

void add_differences(std::vector<disagreement>& to, const terms& mine,
                     const std::string& node, const term_values& its) {
  for (const auto& [setting, here] : mine)
    if (auto there = its.find(setting);
        there != its.end() && there->second != here.value)
      to.push_back({setting, here.value, node, there->second});
}

std::string to_string(const term_value& x) {
  if (auto* number = std::get_if<uint64_t>(&x))
    return std::to_string(*number);
  return std::get<std::string>(x);
}

} // namespace parlor::etcd
