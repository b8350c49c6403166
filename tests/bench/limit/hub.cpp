// SPDX-License-Identifier: MIT
#include "tests/bench/limit/hub.hpp"

#include "tests/bench/limit/frame.hpp"

#include <chrono>

namespace parlor::bench::limit {

namespace {

/// What follows `key`, up to the next quote.
std::string_view field(std::string_view json, std::string_view key) {
  const auto at = json.find(key);
  if (at == std::string_view::npos)
    return {};
  json.remove_prefix(at + key.size());
  return json.substr(0, json.find('"'));
}

/// The end of both events: sender, content, time.
std::string event_end(const client& c, std::string_view json) {
  using namespace std::chrono;
  const auto ms = duration_cast<milliseconds>(
    system_clock::now().time_since_epoch());
  std::string out = R"("sender":")" + c.user + R"(","content":")";
  out += field(json, R"("content":")");
  out += R"(","ts":)" + std::to_string(ms.count()) + "}";
  return out;
}

} // namespace

hub::hub(int epoll, mode how) : epoll_(epoll), how_(how) {
  // nop
}

void hub::handle(client& c, std::string_view json) {
  const auto type = field(json, R"("type":")");
  if (type == "msg")
    publish(c, json);
  else if (type == "dm")
    send_private(c, json);
  else if (type == "join")
    join(c, json);
}

void hub::publish(client& c, std::string_view json) {
  if (c.joined == nullptr)
    return;
  auto& to = *c.joined;
  const auto frame = make_frame(R"({"type":"msg","room":")" + to.name + R"(",)"
                                + event_end(c, json));
  if (how_ == mode::direct) {
    for (auto* member : to.members)
      put(epoll_, *member, frame);
    return;
  }
  if (to.batch.empty())
    dirty_.push_back(&to);
  to.batch += frame;
}

void hub::send_private(client& c, std::string_view json) {
  const auto i = users_.find(std::string{field(json, R"("to":")")});
  if (i != users_.end())
    put(epoll_, *i->second,
        make_frame(R"({"type":"dm",)" + event_end(c, json)));
}

void hub::join(client& c, std::string_view json) {
  leave(c);
  c.user = field(json, R"("user":")");
  users_[c.user] = &c;
  const std::string name{field(json, R"("room":")")};
  auto& to = rooms_[name];
  to.name = name;
  c.joined = &to;
  c.seat = static_cast<uint32_t>(to.members.size());
  to.members.push_back(&c);
  put(epoll_, c, make_frame(R"({"type":"joined","room":")" + name + R"("})"));
}

void hub::leave(client& c) {
  if (c.joined != nullptr) {
    auto& members = c.joined->members;
    members[c.seat] = members.back();
    members[c.seat]->seat = c.seat;
    members.pop_back();
    c.joined = nullptr;
  }
  const auto i = users_.find(c.user);
  if (i != users_.end() && i->second == &c)
    users_.erase(i);
}

void hub::flush() {
  for (auto* x : dirty_) {
    for (auto* member : x->members)
      put(epoll_, *member, x->batch);
    x->batch.clear();
  }
  dirty_.clear();
}

} // namespace parlor::bench::limit
