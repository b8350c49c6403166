// SPDX-License-Identifier: MIT
#include "inspection/listing.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace parlor::inspection {

namespace {

char lower(char x) {
  return x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x;
}

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower(x) == lower(y); })
         != text.end();
}

/// Keeps the first `limit` of them, in order.
void cut(const actors_query& query, actors_page& page) {
  auto before = [&](auto& x, auto& y) { return precedes(query.order, x, y); };
  auto& all = page.actors;
  auto size = std::min<size_t>(all.size(), query.limit);
  auto end = all.begin() + static_cast<std::ptrdiff_t>(size);
  std::partial_sort(all.begin(), end, all.end(), before);
  page.more = page.more || size < all.size();
  all.erase(end, all.end());
}

} // namespace

bool fits(const actors_query& query, const actor_summary& x) {
  return (query.kind.empty() || query.kind == x.kind)
         && (!query.thread || query.thread == x.thread)
         && (query.search.empty() || query.search == std::to_string(x.id)
             || contains(x.title, query.search));
}

bool precedes(actors_order order, const actor_summary& x,
              const actor_summary& y) {
  auto rank = [order](const actor_summary& z) -> uint64_t {
    switch (order) {
      case actors_order::id:
        break;
      case actors_order::mailbox:
        return z.mailbox;
      case actors_order::busy:
        return static_cast<uint64_t>(z.busy.count());
      case actors_order::handled:
        return z.handled;
    }
    return 0;
  };
  // The most is first, and of equals the one with the smallest id.
  return std::pair{rank(y), x.id} < std::pair{rank(x), y.id};
}

actors_page page_of(const actors_query& query,
                    std::vector<actor_summary> actors) {
  actors_page result;
  result.total = actors.size();
  if (query.order == actors_order::id)
    std::erase_if(actors, [&](auto& x) { return x.id <= query.after; });
  result.actors = std::move(actors);
  cut(query, result);
  return result;
}

actors_page merged(const actors_query& query, std::vector<actors_page> pages) {
  actors_page result;
  for (auto& one : pages) {
    result.total += one.total;
    result.more = result.more || one.more;
    result.complete = result.complete && one.complete;
    std::move(one.actors.begin(), one.actors.end(),
              std::back_inserter(result.actors));
  }
  cut(query, result);
  return result;
}

} // namespace parlor::inspection
