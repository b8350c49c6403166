// SPDX-License-Identifier: MIT
#include "messages/wire/inspection.hpp"

#include "messages/wire/fields.hpp"
#include "messages/wire/json_scan.hpp"
#include "messages/wire/names.hpp"
#include "messages/wire/write.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace parlor::wire {

namespace {

/// As in `actors_order`.
constexpr std::array<std::string_view, 4> order_names{"id", "mailbox", "busy",
                                                      "handled"};

std::string_view name_of(actors_order x) {
  return order_names[static_cast<size_t>(x)];
}

std::string_view name_of(relation x) {
  return relation_names[static_cast<size_t>(x)];
}

thousandths microseconds(std::chrono::nanoseconds x) {
  return {static_cast<double>(x.count()) / 1000};
}

/// The number of a thread; CAF's own scheduler has none.
void write_thread(std::string& out, const std::optional<uint32_t>& x) {
  if (x)
    write(out, *x);
  else
    out.append("null");
}

/// The members of a summary, without braces.
void write_summary(std::string& out, const actor_summary& x) {
  write_all(out, R"("id":)", x.id, R"(,"kind":)", quoted{x.kind},
            R"(,"title":)", foreign{x.title}, R"(,"thread":)");
  write_thread(out, x.thread);
  write_all(out, R"(,"mailbox":)", x.mailbox, R"(,"handled":)", x.handled,
            R"(,"busy_us":)", microseconds(x.busy));
}

void write_value(std::string& out, const state_field& x) {
  using form = state_field::form;
  if (x.is == form::list)
    write_each(out, "[]", x.values,
               [&](auto& value) { write(out, foreign{value}); });
  else if (x.is == form::text)
    write(out, foreign{x.values.front()});
  else
    out.append(x.values.front());
}

/// `way` says of which end of the link this is.
void write_links(std::string& out, std::string_view way,
                 const std::vector<actor_link>& xs) {
  write_each(out, "[]", xs, [&](auto& x) {
    write_all(out, R"({"relation":)", quoted{name_of(x.is)}, ",", quoted{way},
              ":", x.actor, R"(,"kind":)", quoted{x.kind}, "}");
  });
}

void write_message(std::string& out, const traced_message& x) {
  write_all(out, R"({"at":)", x.at, R"(,"message":)", quoted{x.what},
            R"(,"sender":)");
  if (x.sender != 0)
    write_all(out, R"({"id":)", x.sender, R"(,"kind":)", quoted{x.sender_kind},
              "}");
  else
    out.append("null");
  write_all(out, R"(,"took_us":)", microseconds(x.took), "}");
}

void write_thread_picture(std::string& out, const thread_picture& x) {
  out.append(R"({"thread":)");
  write_thread(out, x.thread);
  write_all(out, R"(,"silent":)", x.silent, R"(,"wakes":)", x.wakes,
            R"(,"kinds":)");
  write_each(out, "[]", x.kinds, [&](auto& kind) {
    write_all(out, R"({"kind":)", quoted{kind.kind}, R"(,"actors":)",
              kind.actors, R"(,"mailbox":)", kind.mailbox, R"(,"handled":)",
              kind.handled, R"(,"busy_us":)", microseconds(kind.busy), "}");
  });
  out.append(R"(,"flows":)");
  write_each(out, "[]", x.flows, [&](auto& flow) {
    write_all(out, R"({"from":)", quoted{flow.from}, R"(,"to":)",
              quoted{flow.to}, R"(,"local":)", flow.local, R"(,"messages":)",
              flow.messages, "}");
  });
  out += '}';
}

// -- what is asked for -----------------------------------------------------------

actors_query read_list(field_reader& read, const json::member& list) {
  std::array<json::member, 6> in{{{"kind", {}},
                                  {"search", {}},
                                  {"thread", {}},
                                  {"order", {}},
                                  {"after", {}},
                                  {"limit", {}}}};
  actors_query result;
  if (!read.optional_object(list, in))
    return result;
  field_reader inner{"list."};
  result.kind = inner.text(in[0]);
  result.search = inner.text(in[1]);
  if (!in[2].value.empty())
    result.thread = static_cast<uint32_t>(
      std::min<uint64_t>(inner.number(in[2]), UINT32_MAX));
  auto order = inner.text(in[3]);
  result.after = inner.optional_number(in[4], 0);
  result.limit = std::clamp<uint64_t>(
    inner.optional_number(in[5], default_page), 1, max_page);
  read.pass_on(inner);
  if (order.empty())
    return result;
  if (auto known = order_named(order))
    result.order = *known;
  else
    read.complain("list.order must be id, mailbox, busy or handled");
  return result;
}

} // namespace

std::optional<actors_order> order_named(std::string_view name) noexcept {
  auto found = std::find(order_names.begin(), order_names.end(), name);
  if (found == order_names.end())
    return std::nullopt;
  return static_cast<actors_order>(found - order_names.begin());
}

body<view_query> decode_view(std::string_view text, size_t json_depth) {
  std::array<json::member, 4> in{
    {{"picture", {}}, {"list", {}}, {"actor", {}}, {"serial", {}}}};
  if (!valid_utf8(text)
      || json::scan(text, json_depth, in) != json::finding::object)
    return bad_body{"a view is a JSON object"};
  field_reader read;
  view_query result;
  result.picture = read.flag(in[0]);
  if (!in[1].value.empty())
    result.list = read_list(read, in[1]);
  result.actor = read.optional_number(in[2], 0);
  result.serial = read.optional_number(in[3], 0);
  if (!read.complaint().empty())
    return bad_body{read.complaint()};
  return result;
}

// -- what is shown ---------------------------------------------------------------

std::string render(const picture& x) {
  std::string out;
  write_all(out, R"({"at":)", x.at, R"(,"node":)", foreign{x.node},
            R"(,"version":)", quoted{x.version}, R"(,"threads":)");
  write_each(out, "[]", x.threads,
             [&](auto& one) { write_thread_picture(out, one); });
  out += '}';
  return out;
}

std::string render(const actors_page& x, const actors_query& query) {
  std::string out;
  write_all(out, R"({"total":)", x.total, R"(,"complete":)", x.complete,
            R"(,"order":)", quoted{name_of(query.order)}, R"(,"actors":)");
  write_each(out, "[]", x.actors, [&](auto& one) {
    out += '{';
    write_summary(out, one);
    out += '}';
  });
  out.append(R"(,"next":)");
  if (x.more && query.order == actors_order::id && !x.actors.empty())
    write(out, x.actors.back().id);
  else
    out.append("null");
  out += '}';
  return out;
}

std::string render(const actor_detail& x) {
  std::string out = "{";
  write_summary(out, x.trace.summary);
  out.append(R"(,"state":)");
  if (x.state)
    write_each(out, "{}", x.state->state, [&](auto& field) {
      write_all(out, quoted{field.name}, ":");
      write_value(out, field);
    });
  else
    out.append("null");
  write_all(out, R"(,"linked":)", x.state ? x.state->linked : 0,
            R"(,"links":)");
  write_links(out, "to", x.state ? x.state->links : std::vector<actor_link>{});
  out.append(R"(,"linked_from":)");
  write_links(out, "from", x.linked_from);
  out.append(R"(,"messages":)");
  write_each(out, "[]", x.trace.messages,
             [&](auto& one) { write_message(out, one); });
  out += '}';
  return out;
}

std::string render_gone(uint64_t id) {
  std::string out;
  write_all(out, R"({"id":)", id, R"(,"gone":true})");
  return out;
}

std::string render_update(const view_parts& x) {
  std::string out;
  write_all(out, R"({"type":"update","serial":)", x.serial);
  auto add = [&](std::string_view opening, const std::string& part) {
    if (!part.empty())
      write_all(out, opening, std::string_view{part});
  };
  add(R"(,"picture":)", x.picture);
  add(R"(,"list":)", x.list);
  add(R"(,"actor":)", x.actor);
  out += '}';
  return out;
}

std::string render_view_error(std::string_view detail) {
  std::string out;
  write_all(out, R"({"type":"error","message":)", quoted{detail}, "}");
  return out;
}

} // namespace parlor::wire
