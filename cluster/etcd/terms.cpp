// SPDX-License-Identifier: MIT
#include "cluster/etcd/terms.hpp"

#include <nlohmann/json.hpp>

namespace parlor::etcd {

std::optional<disagreement> disagreement_of(const terms& mine,
                                            std::string_view self,
                                            const std::vector<entry>& all,
                                            std::string_view prefix,
                                            uint64_t before) {
  for (const auto& one : all) {
    if (!one.key.starts_with(prefix) || one.created >= before
        || one.key.substr(prefix.size()) == self)
      continue;
    auto value = nlohmann::json::parse(one.value, nullptr, false);
    if (!value.is_object() || !value.contains("terms")
        || !value["terms"].is_object())
      continue;
    for (const auto& [setting, here] : mine) {
      auto there = value["terms"].find(setting);
      if (there != value["terms"].end() && there->is_number_unsigned()
          && (*there == 0u) != (here == 0))
        return disagreement{setting, here, one.key.substr(prefix.size()),
                            there->get<uint64_t>()};
    }
  }
  return std::nullopt;
}

} // namespace parlor::etcd
