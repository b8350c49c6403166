// SPDX-License-Identifier: MIT
#pragma once

#include "messages/links.hpp"
#include "messages/roster.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <mutex>
#include <string>

namespace parlor::test {

/// Writes what a roster tells on stdout, a line of JSON each. Thread-safe.
class teller final : public roster_listener {
public:
  using json = nlohmann::json;

  void on_view(const view& now) override {
    json members = json::array();
    for (const auto& x : now.members)
      members.push_back(
        {{"id", x.id.str()},
         {"incarnation", x.incarnation.value()},
         {"address", x.address},
         {"version", x.version},
         {"state", x.state == member_state::active ? "active" : "draining"}});
    {
      std::lock_guard guard{mutex_};
      last_ = now;
      if (links_)
        links_->hold(now);
    }
    tell({{"event", "view"},
          {"revision", now.revision},
          {"members", std::move(members)}});
  }

  void on_lease(time_point until) override {
    tell({{"event", "lease"}, {"left_ms", left(until)}});
  }

  void on_fenced() override { tell({{"event", "fenced"}}); }

  void on_expelled() override {
    {
      std::lock_guard guard{mutex_};
      if (links_)
        links_->hold({});
    }
    tell({{"event", "expelled"}});
  }

  /// Hands views on to these from now on; null is none.
  void to_links(links* x) {
    std::lock_guard guard{mutex_};
    links_ = x;
  }

  void tell_lease(time_point until) {
    tell({{"event", "asked"},
          {"left_ms", until == time_point::min() ? -1 : left(until)}});
  }

  /// A member of the last view; one that nobody knows where it is not in.
  member known(const node_id& id) {
    std::lock_guard guard{mutex_};
    auto* found = last_.find(id);
    return found ? *found : member{id, incarnation{1}, "", 0, {}};
  }

  void tell(const json& what) {
    auto line = what.dump() + '\n';
    std::lock_guard guard{mutex_};
    std::fputs(line.c_str(), stdout);
    std::fflush(stdout);
  }

private:
  static int64_t left(time_point until) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
             until - time_point::clock::now())
      .count();
  }

  std::mutex mutex_;
  view last_;
  links* links_ = nullptr;
};

} // namespace parlor::test
