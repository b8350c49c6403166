// SPDX-License-Identifier: MIT
#include "messages/inquiries.hpp"

#include "messages/binary.hpp"
#include "messages/envelopes.hpp"
#include "messages/limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parlor {

namespace inquiries {

// Found by binary's inspectors; what they write is read by other nodes.

template <class Inspector>
bool inspect(Inspector& f, question& x) {
  return f(x.number, x.subject, x.after, x.limit)
         && binary::one_of(f, x.what, about::user);
}

template <class Inspector>
bool inspect(Inspector& f, share& x) {
  return f(x.number, x.last, x.complete, x.totals, x.rooms, x.users,
           x.connections);
}

namespace {

/// Cuts a share.
class cutter {
public:
  explicit cutter(const share& of) {
    head_.number = of.number;
    head_.complete = of.complete;
    head_.totals = of.totals;
    begin();
  }

  /// The part that has place for so many rows more.
  share& part(size_t rows) {
    if (rows_ > 0 && rows_ + rows > rows_per_page)
      begin();
    rows_ += rows;
    return parts_.back();
  }

  std::vector<share> done() {
    parts_.back().last = true;
    return std::move(parts_);
  }

private:
  void begin() {
    parts_.push_back(head_);
    rows_ = 0;
  }

  share head_;
  std::vector<share> parts_;
  size_t rows_ = 0;
};

} // namespace

std::vector<share> parts_of(share&& whole) {
  cutter result{whole};
  for (auto& room : whole.rooms) {
    auto users = std::exchange(room.users, {});
    size_t i = 0;
    do {
      auto many = std::min(users.size() - i, rows_per_page - 1);
      auto& piece = result.part(many + 1).rooms.emplace_back(room);
      auto from = users.begin() + static_cast<std::ptrdiff_t>(i);
      std::move(from, from + static_cast<std::ptrdiff_t>(many),
                std::back_inserter(piece.users));
      i += many;
      // They are added up.
      room.connections = 0;
    } while (i < users.size());
  }
  for (auto& one : whole.users)
    result.part(1).users.push_back(std::move(one));
  for (auto& one : whole.connections)
    result.part(1 + one.rooms.size()).connections.push_back(std::move(one));
  return result.done();
}

void add(share& to, share&& part) {
  to.last = part.last;
  to.complete = part.complete;
  to.totals = part.totals;
  std::ranges::move(part.rooms, std::back_inserter(to.rooms));
  std::ranges::move(part.users, std::back_inserter(to.users));
  std::ranges::move(part.connections, std::back_inserter(to.connections));
}

} // namespace inquiries

envelope to_envelope(std::string_view node, const inquiries::note& what) {
  auto bytes = address(addressee::admin, node);
  binary::write(bytes, what);
  return {1, std::make_shared<const std::string>(std::move(bytes))};
}

std::optional<inquiries::note> to_inquiry(std::string_view content) {
  return binary::read<inquiries::note>(content);
}

} // namespace parlor
