// SPDX-License-Identifier: MIT
#include "inspection/inspector.hpp"

#include "inspection/gather.hpp"
#include "inspection/listing.hpp"
#include "inspection/requests.hpp"
#include "messages/wire/api.hpp"
#include "messages/wire/inspection.hpp"

#include <caf/actor_cast.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace parlor::inspection {

namespace {

/// Whom an actor is asked about: the others that it or its messages name.
constexpr size_t most_acquaintances = 64;

/// The ids of actors that may have a link to this one: those that it has a link
/// to, and those that have sent it something.
std::vector<uint64_t> acquaintances(const actor_detail& x) {
  std::vector<uint64_t> result;
  auto add = [&](uint64_t id) {
    if (id != 0 && id != x.trace.summary.id
        && std::find(result.begin(), result.end(), id) == result.end()
        && result.size() < most_acquaintances)
      result.push_back(id);
  };
  if (x.state)
    for (auto& link : x.state->links)
      add(link.actor);
  for (auto& message : x.trace.messages)
    add(message.sender);
  return result;
}

std::vector<inspectable>
flattened(const std::vector<std::optional<handle_list>>& all) {
  std::vector<inspectable> result;
  for (auto& one : all)
    if (one)
      for (auto& handle : one->handles)
        result.push_back(caf::actor_cast<inspectable>(handle));
  return result;
}

/// Takes the links to `about` out of what others have said of themselves.
std::vector<actor_link>
links_to(uint64_t about, const std::vector<std::optional<report>>& reports) {
  std::vector<actor_link> result;
  for (auto& one : reports)
    if (one)
      for (auto& link : one->links)
        if (link.actor == about && one->actor != about)
          result.push_back({link.is, one->kind, one->actor});
  return result;
}

} // namespace

inspector_state::inspector_state(actor_type::pointer self_ptr,
                                 inspector_options with)
  : self{self_ptr}, options{std::move(with)} {}

inspector_actor::behavior_type inspector_state::make_behavior() {
  return {
    [this](const debug_request& x) { handle_request(x); },
    [this](const view_query& x) { return handle_view(x); },
    [this](state_query x) { return inspect(x); },
  };
}

void inspector_state::handle_request(const debug_request& x) {
  ++asked;
  auto parsed = parse_request(x.target);
  if (auto* no = std::get_if<bad_request>(&parsed))
    return x.reply->answer(wire::problem(no->status, no->detail));
  if (auto* query = std::get_if<actors_query>(&parsed))
    return list(*query, [reply = x.reply, query = *query](actors_page page) {
      reply->answer({200, wire::render(page, query)});
    });
  if (auto* query = std::get_if<actor_query>(&parsed))
    return look_at(
      *query, [reply = x.reply](std::optional<actor_detail> found) {
        if (found)
          reply->answer({200, wire::render(*found)});
        else
          reply->answer(wire::problem(404, "There is no such actor."));
      });
  paint([reply = x.reply](const picture& all) {
    reply->answer({200, wire::render(all)});
  });
}

// -- views ---------------------------------------------------------------------

caf::result<view_update> inspector_state::handle_view(const view_query& x) {
  ++asked;
  auto promise = self->make_response_promise<view_update>();
  show_view(x, [promise](std::string json) mutable {
    promise.deliver(view_update{std::move(json)});
  });
  return promise;
}

/// One part after the other: each of them asks all threads at once.
void inspector_state::show_view(const view_query& x, then<std::string> show) {
  auto parts = std::make_shared<wire::view_parts>();
  parts->serial = x.serial;
  auto end = [parts, show = std::move(show)] {
    show(wire::render_update(*parts));
  };
  auto show_actor = [this, parts, end, id = x.actor] {
    if (id == 0)
      return end();
    look_at({id}, [parts, end, id](std::optional<actor_detail> found) {
      parts->actor = found ? wire::render(*found) : wire::render_gone(id);
      end();
    });
  };
  auto show_list = [this, parts, show_actor, query = x.list] {
    if (!query)
      return show_actor();
    list(*query, [parts, show_actor, query](const actors_page& page) {
      parts->list = wire::render(page, *query);
      show_actor();
    });
  };
  if (!x.picture)
    return show_list();
  paint([parts, show_list](const picture& all) {
    parts->picture = wire::render(all);
    show_list();
  });
}

// -- asking --------------------------------------------------------------------

void inspector_state::paint(then<picture> show) {
  gather<thread_picture>(
    self, options.watches, picture_query{},
    [this, show](std::vector<std::optional<thread_picture>> all) {
      picture result{
        options.env->now(), options.env->node, options.env->version, {}};
      for (auto& one : all) {
        auto number = static_cast<uint32_t>(result.threads.size());
        thread_picture silent;
        silent.silent = true;
        if (number < options.env->threads.size())
          silent.thread = number;
        result.threads.push_back(one ? std::move(*one) : std::move(silent));
      }
      show(std::move(result));
    });
}

void inspector_state::list(const actors_query& x, then<actors_page> show) {
  gather<actors_page>(self, options.watches, x,
                      [x, show](std::vector<std::optional<actors_page>> all) {
                        std::vector<actors_page> pages;
                        for (auto& one : all) {
                          pages.push_back(one ? std::move(*one)
                                              : actors_page{});
                          pages.back().complete = one.has_value();
                        }
                        show(merged(x, std::move(pages)));
                      });
}

/// Whose it is says what it has done; then it says itself what it holds.
void inspector_state::look_at(actor_query x,
                              then<std::optional<actor_detail>> show) {
  gather<actor_trace>(
    self, options.watches, x,
    [this, show](std::vector<std::optional<actor_trace>> all) {
      auto found = std::find_if(all.begin(), all.end(),
                                [](auto& one) { return one && one->handle; });
      if (found == all.end())
        return show(std::nullopt);
      auto detail = std::make_shared<actor_detail>();
      detail->trace = std::move(**found);
      std::vector<inspectable> itself{
        caf::actor_cast<inspectable>(detail->trace.handle)};
      gather<report>(self, itself, state_query{},
                     [this, detail, show](auto answers) {
                       detail->state = std::move(answers.front());
                       find_links(std::move(*detail), show);
                     });
    });
}

/// Who has a link to it is asked of those that may, each for itself.
void inspector_state::find_links(actor_detail so_far,
                                 then<std::optional<actor_detail>> show) {
  auto detail = std::make_shared<actor_detail>(std::move(so_far));
  auto id = detail->trace.summary.id;
  gather<handle_list>(
    self, options.watches, handles_query{acquaintances(*detail)},
    [this, detail, id,
     show](const std::vector<std::optional<handle_list>>& all) {
      gather<report>(self, flattened(all), state_query{id},
                     [detail, id, show](const auto& reports) {
                       detail->linked_from = links_to(id, reports);
                       show(std::move(*detail));
                     });
    });
}

report inspector_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  result.number("asked", asked).text("node", options.env->node);
  for (auto& one : options.watches)
    result.link_to(relation::knows, "watch", one);
  return result;
}

} // namespace parlor::inspection
