// SPDX-License-Identifier: MIT
#include "cluster/etcd/node_table.hpp"

#include "cluster/address.hpp"
#include "cluster/node_name.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace parlor::etcd {

namespace {

using nlohmann::json;

constexpr const char* active = "active";
constexpr const char* draining = "draining";

} // namespace

std::string encode_member(const member& x, const terms& mine) {
  json value{{"address", x.address},
             {"version", x.version},
             {"state", x.state == member_state::active ? active : draining}};
  for (const auto& [setting, one] : mine)
    std::visit([&](const auto& its) { value["terms"][setting] = its; },
               one.value);
  return value.dump();
}

std::optional<member> decode_member(std::string_view id, const entry& from) {
  auto value = json::parse(from.value, nullptr, false);
  if (!cluster::is_node_name(id) || !value.is_object())
    return std::nullopt;
  auto address = value.find("address");
  auto version = value.find("version");
  auto state = value.find("state");
  if (address == value.end() || !address->is_string()
      || !cluster::parse_address(address->get_ref<const std::string&>())
      || version == value.end() || !version->is_number_unsigned()
      || *version > UINT32_MAX || state == value.end()
      || (*state != active && *state != draining))
    return std::nullopt;
  return member{node_id{std::string{id}}, incarnation{from.created},
                address->get<std::string>(), version->get<uint32_t>(),
                *state == active ? member_state::active
                                 : member_state::draining};
}

view node_table::reset(uint64_t revision, const std::vector<entry>& all,
                       uint64_t offset) {
  revision_ = revision;
  offset_ = offset;
  members_.clear();
  terms_.clear();
  for (const auto& x : all)
    put(x);
  return now(revision);
}

std::vector<view> node_table::apply(const std::vector<change>& changes) {
  std::vector<view> result;
  auto concerns = [&](const change& x) {
    return x.what.key.starts_with(prefix_) && x.what.changed > revision_;
  };
  auto end = changes.end();
  for (auto x = std::find_if(changes.begin(), end, concerns); x != end;) {
    if (x->deleted)
      erase(node_id{x->what.key.substr(prefix_.size())});
    else
      put(x->what);
    auto next = std::find_if(std::next(x), end, concerns);
    if (next == end || next->what.changed != x->what.changed) {
      revision_ = x->what.changed;
      result.push_back(now(revision_));
    }
    x = next;
  }
  return result;
}

void node_table::put(const entry& x) {
  if (!x.key.starts_with(prefix_))
    return;
  auto id = x.key.substr(prefix_.size());
  auto one = decode_member(id, x);
  if (one) {
    one->incarnation = incarnation{offset_ + x.created};
    terms_.insert_or_assign(one->id, decode_terms(x.value));
    members_.insert_or_assign(one->id, *std::move(one));
  } else {
    erase(node_id{id});
  }
}

void node_table::erase(const node_id& who) {
  members_.erase(who);
  terms_.erase(who);
}

std::vector<disagreement> node_table::differences(const terms& mine,
                                                  const node_id& self) const {
  std::vector<disagreement> result;
  for (const auto& [id, its] : terms_)
    if (id != self)
      add_differences(result, mine, id.str(), its);
  return result;
}

view node_table::now(uint64_t revision) const {
  view result{offset_ + revision, {}};
  for (const auto& [id, one] : members_)
    result.members.push_back(one);
  return result;
}

} // namespace parlor::etcd
