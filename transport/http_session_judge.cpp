// SPDX-License-Identifier: MIT
#include "transport/access.hpp"
#include "transport/answerer.hpp"
#include "transport/forwarded.hpp"
#include "transport/http_exchange.hpp"
#include "transport/http_session.hpp"
#include "transport/pages.hpp"
#include "transport/request_body.hpp"
#include "transport/routes.hpp"
#include "transport/upgrade.hpp"
#include "transport/ws_session.hpp"

#include <utility>

// What becomes of a request, once its head is there.
namespace parlor::transport {

void http_session::judge(request_head& head) {
  if (head.headers.size() > max_header_fields) {
    keep_alive_ = false;
    return refuse({431, "The header has too many fields.", {}});
  }
  if (head.count("Host") > 1 || (head.version == 11 && !head.has("Host")))
    return refuse({400, "A request has one Host.", {}});
  head.to_origin_form();
  if (auto no = judge_framing(head)) {
    keep_alive_ = false;
    return refuse(*no);
  }
  if (!serves(serves_, head.target))
    return refuse({404, "There is nothing here.", {}});
  if (context_.calls.inspection && inspect(head))
    return;
  if (wants_websocket(head))
    return upgrade(head);
  if (auto page = serve_page(head)) {
    if (auto no = judge_page_access(head, peer_.is_loopback(),
                                    context_.options.admin_token))
      return refuse(*no);
    return reply_unread(*page);
  }
  if (is_guarded(head.target))
    if (auto no = judge_access(head, peer_.is_loopback(),
                               context_.options.admin_token))
      return refuse(*no);
  auto routed = route(head.method, head.target);
  if (auto* no = std::get_if<refusal>(&routed))
    return refuse(*no);
  if (head.method != "POST") {
    if (!exchange_->parser.is_done())
      return refuse_body();
  } else if (auto no = judge_content(head)) {
    return refuse(*no);
  }
  asked_ = std::make_unique<api_request>(
    std::get<api_request>(std::move(routed)));
  asked_->key = head.find("Idempotency-Key").value_or("");
  if (!asked_->key.empty() && head.method != "GET" && head.method != "HEAD"
      && asked_->call != api_call::publish)
    return refuse({400, "Idempotency-Key means nothing here.", {}});
  take_body(head.lists("Expect", "100-continue"));
}

/// False where the request is not for the inspector.
bool http_session::inspect(const request_head& head) {
  auto& port = *context_.calls.inspection;
  auto page = serve_page(head, port.pages);
  if (!page && !is_inspection(head.target))
    return false;
  if (auto no = judge_inspection_access(head, peer_.is_loopback(),
                                        context_.options.admin_token)) {
    refuse(*no);
  } else if (page) {
    reply_unread(*page);
  } else if (wants_websocket(head) || is_view(head.target)) {
    upgrade(head);
  } else if (head.method != "GET" && head.method != "HEAD") {
    refuse({405, "The method is not allowed here.", {{"Allow", "GET, HEAD"}}});
  } else if (!exchange_->parser.is_done()) {
    refuse_body();
  } else {
    enter(phase::waiting);
    port.ask(std::string{head.target},
             std::make_shared<answerer>(context_.answers, id_, serial_));
  }
  return true;
}

void http_session::upgrade(const request_head& head) {
  auto judged = judge_upgrade(head, context_.options,
                              context_.calls.inspection != nullptr);
  if (auto* no = std::get_if<refusal>(&judged))
    return refuse(*no);
  auto& options = context_.options;
  if (!options.tokens && options.origins.empty())
    if (auto no = judge_page_host(head, peer_.is_loopback()))
      return refuse(*no);
  auto& accepted = std::get<accepted_upgrade>(judged);
  auto client = client_address(head, peer_, context_.options.trusted_proxies);
  accepted.shake.ip = client.to_string();
  accepted.shake.connected_at = std::chrono::system_clock::now();
  ws_session::takeover handed{std::move(socket_), std::exchange(rest_, {}),
                              readable_, ends_};
  finish();
  ws_session::start(context_, std::move(handed), std::move(accepted));
}

} // namespace parlor::transport
