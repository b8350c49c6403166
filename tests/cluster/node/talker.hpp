// SPDX-License-Identifier: MIT
#pragma once

#include "messages/links.hpp"
#include "tests/cluster/node/teller.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace parlor::test {

/// Says what links tell, and talks over them: numbered envelopes, so that the
/// other side sees a hole. Thread-safe.
class talker final : public link_listener {
public:
  /// `bury` is told of nodes that are dead.
  talker(teller& said, std::function<void(const member&)> bury)
    : said_{said}, bury_{std::move(bury)} {}

  void on_up(const link_ptr& with) override {
    std::lock_guard guard{mutex_};
    auto& one = talks_[with->peer().str()];
    one = {};
    one.with = with;
    said_.tell({{"event", "up"},
                {"peer", with->peer().str()},
                {"stay", with->stay().value()},
                {"version", with->version()}});
  }

  void on_frame(const link_ptr& from, uint64_t number,
                std::vector<envelope> content) override {
    std::lock_guard guard{mutex_};
    auto& one = talks_[from->peer().str()];
    if (one.with != from)
      said_.tell({{"event", "wrong"}, {"what", "a frame of another link"}});
    one.in_order = one.in_order && number > one.owed;
    ++one.frames;
    for (const auto& x : content) {
      one.in_order = one.in_order && std::stoull(*x.body) == one.heard;
      ++one.heard;
      one.bytes += x.body->size();
    }
    one.owed = number;
    if (!stuck_)
      from->taken(number);
  }

  void on_down(const link_ptr& with, std::string_view why) override {
    std::lock_guard guard{mutex_};
    talks_[with->peer().str()].with.reset();
    said_.tell({{"event", "down"}, {"peer", with->peer().str()}, {"why", why}});
  }

  void on_dead(const member& who) override {
    said_.tell({{"event", "dead"}, {"peer", who.id.str()}});
    bury_(who);
  }

  /// Sends until it is done or refused, and says how many were taken.
  void send(const std::string& peer, uint64_t count, size_t size) {
    link_ptr with;
    uint64_t next = 0;
    {
      std::lock_guard guard{mutex_};
      with = talks_[peer].with;
      next = talks_[peer].said;
    }
    uint64_t done = 0;
    for (; with && done < count; ++done) {
      auto text = std::to_string(next + done);
      text.resize(std::max(size, text.size()), ' ');
      if (!with->send({1, std::make_shared<const std::string>(text)}))
        break;
    }
    std::lock_guard guard{mutex_};
    if (talks_[peer].with == with)
      talks_[peer].said += done;
    said_.tell({{"event", "sent"}, {"peer", peer}, {"count", done}});
  }

  void report(const std::string& peer) {
    std::lock_guard guard{mutex_};
    auto& one = talks_[peer];
    said_.tell({{"event", "report"},
                {"peer", peer},
                {"heard", one.heard},
                {"bytes", one.bytes},
                {"frames", one.frames},
                {"in_order", one.in_order}});
  }

  /// Deals with no frame any more, or again with all that came.
  void be_stuck(bool stuck) {
    std::lock_guard guard{mutex_};
    stuck_ = stuck;
    for (auto& [peer, one] : talks_)
      if (!stuck && one.with)
        one.with->taken(one.owed);
  }

private:
  struct talk {
    link_ptr with;
    uint64_t said = 0;
    uint64_t heard = 0;
    uint64_t bytes = 0;
    uint64_t frames = 0;
    uint64_t owed = 0;
    bool in_order = true;
  };

  teller& said_;
  std::function<void(const member&)> bury_;
  std::mutex mutex_;
  std::map<std::string, talk> talks_;
  bool stuck_ = false;
};

} // namespace parlor::test
