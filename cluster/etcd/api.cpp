// SPDX-License-Identifier: MIT
#include "cluster/etcd/api.hpp"

#include "cluster/etcd/base64.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <utility>

namespace parlor::etcd {

namespace {

using nlohmann::json;

json bytes(std::string_view x) {
  return to_base64(x);
}

json number(uint64_t x) {
  return std::to_string(x);
}

json number(lease_id x) {
  return std::to_string(static_cast<int64_t>(x));
}

/// Where a range of all keys with this prefix ends: the prefix with its last
/// byte counted up. No prefix of ours ends with 0xFF.
std::string end_of(std::string_view prefix) {
  std::string result{prefix};
  ++result.back();
  return result;
}

json is_of(std::string_view key, uint64_t created) {
  return {{"key", bytes(key)},
          {"target", "CREATE"},
          {"result", "EQUAL"},
          {"create_revision", number(created)}};
}

json put(std::string_view key, std::string_view value, lease_id lease) {
  return {
    {"request_put",
     {{"key", bytes(key)}, {"value", bytes(value)}, {"lease", number(lease)}}}};
}

json erase_key(std::string_view key) {
  return {{"request_delete_range", {{"key", bytes(key)}}}};
}

json read_key(std::string_view key) {
  return {{"request_range", {{"key", bytes(key)}}}};
}

request transaction(json guards, json then, json otherwise) {
  json body{{"compare", std::move(guards)},
            {"success", std::move(then)},
            {"failure", std::move(otherwise)}};
  return {"/v3/kv/txn", body.dump()};
}

template <class... Ts>
json array_of(Ts... xs) {
  return json::array({std::move(xs)...});
}
/// Of a lease, in seconds: much more than is ever asked for, and little enough
/// to be reckoned with in nanoseconds.
constexpr int64_t longest_ttl = 86'400;

/// What cannot be understood is said by a throw that ends in `parse`.
struct nonsense {
  const char* what;
};

/// A member of an object; null where there is none.
const json& find(const json& object, const char* name) {
  static const json none;
  if (object.is_null())
    return none;
  if (!object.is_object())
    throw nonsense{"an object is none"};
  auto found = object.find(name);
  return found != object.end() ? *found : none;
}

/// An integer, as a text or a number; 0 where it is left out.
int64_t integer(const json& object, const char* name) {
  auto& x = find(object, name);
  if (x.is_null())
    return 0;
  if (x.is_number_integer() && !(x.is_number_unsigned() && x > INT64_MAX))
    return x.get<int64_t>();
  if (!x.is_string())
    throw nonsense{"a number is none"};
  auto& text = x.get_ref<const std::string&>();
  int64_t result = 0;
  auto end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || at != end)
    throw nonsense{"a number is none"};
  return result;
}

uint64_t revision(const json& object, const char* name) {
  auto result = integer(object, name);
  if (result < 0)
    throw nonsense{"a revision is negative"};
  return static_cast<uint64_t>(result);
}

bool flag(const json& object, const char* name) {
  auto& x = find(object, name);
  if (!x.is_null() && !x.is_boolean())
    throw nonsense{"a flag is none"};
  return x.is_boolean() && x.get<bool>();
}

/// Empty where it is left out.
std::string text(const json& object, const char* name) {
  auto& x = find(object, name);
  if (x.is_null())
    return {};
  if (!x.is_string())
    throw nonsense{"a text is none"};
  return x.get<std::string>();
}

std::string bytes_in(const json& object, const char* name) {
  auto result = from_base64(text(object, name));
  if (!result)
    throw nonsense{"base64 is none"};
  return *std::move(result);
}

/// Empty where it is left out.
const json& list(const json& object, const char* name) {
  static const json empty = json::array();
  auto& x = find(object, name);
  if (x.is_null())
    return empty;
  if (!x.is_array())
    throw nonsense{"a list is none"};
  return x;
}

entry to_entry(const json& x) {
  entry result{bytes_in(x, "key"), bytes_in(x, "value"),
               revision(x, "create_revision"), revision(x, "mod_revision"),
               lease_id{integer(x, "lease")}};
  if (result.key.empty())
    throw nonsense{"a key is missing"};
  return result;
}

std::vector<entry> to_entries(const json& x) {
  std::vector<entry> result;
  for (auto& one : list(x, "kvs"))
    result.push_back(to_entry(one));
  return result;
}

/// Every answer of a store has it; nothing is at revision 0.
uint64_t revision_of(const json& x) {
  auto result = revision(find(x, "header"), "revision");
  if (result == 0)
    throw nonsense{"the revision is missing"};
  return result;
}

failure to_failure(const json& x) {
  auto& inner = find(x, "error").is_object() ? find(x, "error") : x;
  auto reason = text(inner, "message");
  if (reason.empty() && find(inner, "error").is_string())
    reason = text(inner, "error");
  // Their codes are those of gRPC: 5 is NotFound, which of all requests here
  // only a lease can be.
  auto code = integer(inner,
                      inner.contains("grpc_code") ? "grpc_code" : "code");
  constexpr size_t longest = 200;
  return {"etcd says: " + reason.substr(0, longest), code == 5};
}

/// Reads one JSON text that is what `read` expects.
template <class T, class F>
answer<T> parse(unsigned status, std::string_view body, F read) {
  auto all = json::parse(body, nullptr, false);
  try {
    if (all.is_object() && (status != 200 || all.contains("error")))
      return to_failure(all);
    if (status != 200)
      return failure{"the gateway answers " + std::to_string(status)};
    if (!all.is_object())
      throw nonsense{"no JSON object"};
    return read(all);
  } catch (const nonsense& x) {
    return failure{std::string{"the gateway talks nonsense: "} + x.what};
  }
}

change to_change(const json& x) {
  change result;
  auto type = text(x, "type");
  if (!type.empty() && type != "PUT" && type != "DELETE")
    throw nonsense{"a change is of no known type"};
  result.deleted = type == "DELETE";
  result.what = to_entry(find(x, "kv"));
  if (result.what.changed == 0)
    throw nonsense{"a change has no revision"};
  return result;
}

watch_step to_watch_step(const json& x) {
  auto& result = find(x, "result");
  watch_step step;
  // What ends a watch has no revision.
  step.revision = revision(find(result, "header"), "revision");
  step.created = flag(result, "created");
  step.canceled = flag(result, "canceled");
  step.compacted = revision(result, "compact_revision") > 0;
  if (!step.canceled)
    revision_of(result);
  uint64_t last = 0;
  for (auto& one : list(result, "events")) {
    step.changes.push_back(to_change(one));
    auto changed = step.changes.back().what.changed;
    if (changed < std::exchange(last, changed))
      throw nonsense{"changes are out of order"};
  }
  return step;
}

} // namespace

request grant_lease(int64_t ttl_seconds) {
  json body{{"TTL", std::to_string(ttl_seconds)}};
  return {"/v3/lease/grant", body.dump()};
}

request keep_alive(lease_id lease) {
  return {"/v3/lease/keepalive", json{{"ID", number(lease)}}.dump()};
}

request revoke(lease_id lease) {
  return {"/v3/lease/revoke", json{{"ID", number(lease)}}.dump()};
}

request make_key(std::string_view key, std::string_view value, lease_id lease) {
  return transaction(array_of(is_of(key, 0)), array_of(put(key, value, lease)),
                     array_of(read_key(key)));
}

request change_key(std::string_view key, uint64_t created,
                   std::string_view value, lease_id lease) {
  return transaction(array_of(is_of(key, created)),
                     array_of(put(key, value, lease)), array_of());
}

request replace_key(std::string_view key, uint64_t changed,
                    std::string_view value) {
  json guard{{"key", bytes(key)},
             {"target", "MOD"},
             {"result", "EQUAL"},
             {"mod_revision", number(changed)}};
  json put{{"request_put", {{"key", bytes(key)}, {"value", bytes(value)}}}};
  return transaction(array_of(std::move(guard)), array_of(std::move(put)),
                     array_of());
}

request delete_key(std::string_view key, uint64_t created) {
  return transaction(array_of(is_of(key, created)), array_of(erase_key(key)),
                     array_of());
}

request settle_challenge(std::string_view challenge, uint64_t challenge_created,
                         std::string_view key, uint64_t created) {
  return transaction(
    array_of(is_of(challenge, challenge_created), is_of(key, created)),
    array_of(erase_key(challenge), erase_key(key)),
    array_of(erase_key(challenge), read_key(key)));
}

request read_all(std::string_view first, std::string_view last, uint64_t at) {
  json body{{"key", bytes(first)},
            {"range_end", bytes(end_of(last))},
            {"revision", number(at)}};
  return {"/v3/kv/range", body.dump()};
}

request watch_all(std::string_view first, std::string_view last,
                  uint64_t from) {
  json create{{"key", bytes(first)},
              {"range_end", bytes(end_of(last))},
              {"start_revision", number(from)},
              {"progress_notify", true}};
  return {"/v3/watch", json{{"create_request", std::move(create)}}.dump()};
}

answer<grant> read_grant(unsigned status, std::string_view body) {
  return parse<grant>(status, body, [](const json& x) {
    grant result{lease_id{integer(x, "ID")}, integer(x, "TTL")};
    if (result.lease == lease_id{} || result.ttl <= 0
        || result.ttl > longest_ttl)
      throw nonsense{"a lease without id or with a wrong TTL"};
    return result;
  });
}

answer<int64_t> read_keep_alive(unsigned status, std::string_view body) {
  return parse<int64_t>(status, body, [](const json& x) {
    auto& result = find(x, "result");
    revision_of(result);
    return integer(result, "TTL");
  });
}

answer<outcome> read_outcome(unsigned status, std::string_view body) {
  return parse<outcome>(status, body, [](const json& x) {
    outcome result{flag(x, "succeeded"), revision_of(x), {}};
    for (auto& one : list(x, "responses"))
      if (auto& range = find(one, "response_range"); !range.is_null())
        result.found = to_entries(range);
    return result;
  });
}

answer<range> read_range(unsigned status, std::string_view body) {
  return parse<range>(status, body, [](const json& x) {
    return range{revision_of(x), to_entries(x)};
  });
}

answer<watch_step> read_watch_step(std::string_view line) {
  return parse<watch_step>(200, line, to_watch_step);
}

store read_store(std::string_view body) {
  auto all = json::parse(body, nullptr, false);
  try {
    auto& result = find(all, "result");
    auto& header = find(result.is_null() ? all : result, "header");
    return {text(header, "cluster_id"), revision(header, "revision")};
  } catch (const nonsense&) {
    return {};
  }
}

} // namespace parlor::etcd
