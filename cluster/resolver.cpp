// SPDX-License-Identifier: MIT
#include "cluster/resolver.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace parlor::cluster {

namespace asio = boost::asio;

using boost::system::error_code;

resolver::resolver(asio::io_context& loop, name_service& names)
  : loop_{loop}, names_{names}, timer_{loop} {}

resolver::~resolver() {
  forget();
}

asio::awaitable<resolver::endpoints>
resolver::resolve(address at, std::chrono::milliseconds patience,
                  std::string& problem) {
  error_code error;
  auto number = asio::ip::make_address(at.host, error);
  if (!error)
    co_return endpoints{{number, at.port}};
  canceled_ = false;
  forget();
  way_ = std::make_shared<way>();
  way_->loop = &loop_;
  way_->waits = &timer_;
  timer_.expires_after(patience);
  names_.ask(at.host, [to = way_](const looked_up& found) {
    std::lock_guard guard{to->mutex};
    if (to->loop)
      asio::post(*to->loop, [to, found] {
        if (!to->waits)
          return;
        to->answer = found;
        to->waits->cancel();
      });
  });
  co_await timer_.async_wait(
    asio::redirect_error(asio::use_awaitable, error));
  way_->waits = nullptr;
  if (canceled_) {
    problem = "canceled";
    co_return endpoints{};
  }
  auto answer = way_->answer ? *way_->answer : names_.last_known(at.host);
  problem = answer.problem;
  endpoints result;
  for (const auto& one : answer.addresses)
    result.emplace_back(one, at.port);
  co_return result;
}

void resolver::cancel() {
  canceled_ = true;
  timer_.cancel();
}

void resolver::forget() {
  if (!way_)
    return;
  std::lock_guard guard{way_->mutex};
  way_->loop = nullptr;
  way_->waits = nullptr;
}

} // namespace parlor::cluster
