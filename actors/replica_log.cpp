// SPDX-License-Identifier: MIT
#include "actors/replica_log.hpp"

#include <algorithm>
#include <utility>

namespace parlor {

using namespace replication;

namespace {

/// The last number that a digest has of an epoch; 0 for none.
uint64_t last_of(const digest& x, const epoch& of) {
  for (auto& run : x.runs)
    if (run.epoch == of)
      return run.seq;
  return 0;
}

} // namespace

place replica_log::last() const noexcept {
  return entries_.empty() ? before_ : entries_.back().at;
}

const entry& replica_log::at(uint64_t seq) const {
  return entries_[seq - before_.seq - 1];
}

bool replica_log::has(const place& x) const noexcept {
  return x == before_
         || (x.seq > before_.seq && x.seq <= seq() && at(x.seq).at == x);
}

void replica_log::append(entry what) {
  auto& from = what.what.from;
  sequenced_.erase(sequenced_.lower_bound({from.node, 0}),
                   sequenced_.lower_bound(from));
  sequenced_[from] = what.what.number;
  bytes_ += what.what.body.size();
  entries_.push_back(std::move(what));
}

void replica_log::truncate(uint64_t seq) {
  while (!entries_.empty() && entries_.back().at.seq > seq) {
    auto& gone = entries_.back().what;
    // A producer's commands are in its order, without a hole.
    if (auto found = sequenced_.find(gone.from); found != sequenced_.end())
      found->second = gone.number - 1;
    bytes_ -= gone.body.size();
    entries_.pop_back();
  }
}

void replica_log::trim(size_t keep, size_t bytes, uint64_t upto) {
  while ((entries_.size() > keep || bytes_ > bytes) && !entries_.empty()
         && entries_.front().at.seq <= upto) {
    before_ = entries_.front().at;
    bytes_ -= entries_.front().what.body.size();
    entries_.pop_front();
  }
}

size_t replica_log::bytes_upto(uint64_t seq) const noexcept {
  auto result = bytes_ + entries_.size() * sizeof(entry);
  for (auto i = entries_.rbegin(); i != entries_.rend() && i->at.seq > seq; ++i)
    result -= i->what.body.size() + sizeof(entry);
  return result;
}

void replica_log::restart(const place& before,
                          const std::vector<progress>& sequenced) {
  entries_.clear();
  bytes_ = 0;
  before_ = before;
  sequenced_.clear();
  for (auto& x : sequenced)
    sequenced_[x.from] = x.number;
}

uint64_t replica_log::sequenced(const producer& of) const {
  auto found = sequenced_.find(of);
  return found == sequenced_.end() ? 0 : found->second;
}

std::vector<progress> replica_log::sequenced_at(uint64_t seq) const {
  auto then = sequenced_;
  for (auto last = this->seq(); last > seq; --last)
    if (auto found = then.find(at(last).what.from); found != then.end())
      found->second = at(last).what.number - 1;
  std::vector<progress> result;
  for (auto& [from, number] : then)
    result.push_back({from, number});
  return result;
}

digest replica_log::holds() const {
  digest result{{}, before_};
  if (before_.seq > 0)
    result.runs.push_back(before_);
  for (auto& x : entries_)
    if (result.runs.empty() || result.runs.back().epoch != x.at.epoch)
      result.runs.push_back(x.at);
    else
      result.runs.back().seq = x.at.seq;
  return result;
}

place replica_log::agreed(const digest& other) const {
  auto mine = holds();
  for (auto run = mine.runs.rbegin(); run != mine.runs.rend(); ++run)
    if (auto seq = std::min(run->seq, last_of(other, run->epoch)))
      return {run->epoch, seq};
  return {};
}

} // namespace parlor
