// SPDX-License-Identifier: MIT
#include "cluster/links/outbound.hpp"

#include <utility>

namespace parlor::cluster {

outbound::verdict outbound::push(envelope what) {
  std::lock_guard guard{mutex_};
  auto size = what.body->size();
  if (size > limits_.largest)
    return verdict::too_large;
  if (closed_ || envelopes_ >= limits_.envelopes || bytes_ >= limits_.bytes)
    return verdict::refused;
  waiting_.push_back(std::move(what));
  ++envelopes_;
  bytes_ += size;
  return std::exchange(awake_, true) ? verdict::queued : verdict::wake;
}

std::optional<outbound::frame> outbound::next() {
  std::lock_guard guard{mutex_};
  if (waiting_.empty()) {
    awake_ = false;
    return std::nullopt;
  }
  // The next acknowledgement makes it look again.
  if (under_way_.size() >= limits_.window)
    return std::nullopt;
  frame result;
  result.number = ++made_;
  if (in_pieces_ && waiting_.front().body->size() > limits_.frame_bytes) {
    cut(result);
    return result;
  }
  size_t bytes = 0;
  do {
    bytes += waiting_.front().body->size();
    result.content.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  } while (!waiting_.empty() && result.content.size() < limits_.frame_envelopes
           && bytes + waiting_.front().body->size() <= limits_.frame_bytes);
  under_way_.push_back({result.content.size(), bytes});
  return result;
}

void outbound::cut(frame& into) {
  auto& whole = waiting_.front();
  auto part = whole.body->substr(cut_, limits_.frame_bytes);
  cut_ += part.size();
  into.left = whole.body->size() - cut_;
  auto is_last = into.left == size_t{0};
  under_way_.push_back({is_last ? size_t{1} : size_t{0}, part.size()});
  into.content.push_back(
    {whole.version, std::make_shared<const std::string>(std::move(part))});
  if (is_last) {
    waiting_.pop_front();
    cut_ = 0;
  }
}

bool outbound::acknowledge(uint64_t number) {
  std::lock_guard guard{mutex_};
  if (number > made_)
    return false;
  for (; acknowledged_ < number; ++acknowledged_) {
    envelopes_ -= under_way_.front().envelopes;
    bytes_ -= under_way_.front().bytes;
    under_way_.pop_front();
  }
  return true;
}

void outbound::close() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  waiting_.clear();
  under_way_.clear();
  acknowledged_ = made_;
}

} // namespace parlor::cluster
