// SPDX-License-Identifier: MIT
#include "cluster/name_service.hpp"

#include "cluster/limits.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace parlor::cluster {

namespace {

namespace ip = boost::asio::ip;

ip::address to_address(const addrinfo& x) {
  if (x.ai_family == AF_INET) {
    auto* at = reinterpret_cast<const sockaddr_in*>(x.ai_addr);
    return ip::make_address_v4(ntohl(at->sin_addr.s_addr));
  }
  auto* at = reinterpret_cast<const sockaddr_in6*>(x.ai_addr);
  ip::address_v6::bytes_type bytes;
  std::copy(std::begin(at->sin6_addr.s6_addr), std::end(at->sin6_addr.s6_addr),
            bytes.begin());
  return ip::address_v6{bytes, at->sin6_scope_id};
}

looked_up ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  looked_up result;
  if (auto code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
      code != 0) {
    result.problem = ::gai_strerror(code);
    return result;
  }
  for (auto* x = found; x; x = x->ai_next)
    if (x->ai_family == AF_INET || x->ai_family == AF_INET6)
      result.addresses.push_back(to_address(*x));
  ::freeaddrinfo(found);
  if (result.addresses.empty())
    result.problem = "no address";
  return result;
}

} // namespace

name_service& name_service::system() {
  // Never destroyed: a look-up may be under way when the process ends.
  static auto* result = new name_service{ask_system};
  return *result;
}

void name_service::ask(const std::string& host, callback then) {
  {
    std::lock_guard guard{mutex_};
    auto found = waiting_.find(host);
    if (found != waiting_.end()) {
      found->second.push_back(std::move(then));
      return;
    }
    if (waiting_.size() < most_look_ups) {
      try {
        std::thread{[this, host] { answer(host); }}.detach();
        waiting_[host].push_back(std::move(then));
        return;
      } catch (const std::system_error&) {
        // Said below.
      }
    }
  }
  then({"too many look-ups are under way", {}});
}

void name_service::answer(const std::string& host) {
  auto result = look_up_(host);
  std::unique_lock guard{mutex_};
  if (result.problem.empty()) {
    if (known_.size() >= most_names)
      known_.clear();
    known_[host] = result;
  }
  auto waited = std::move(waiting_[host]);
  waiting_.erase(host);
  guard.unlock();
  for (auto& one : waited)
    one(result);
}

looked_up name_service::last_known(const std::string& host) {
  std::lock_guard guard{mutex_};
  auto found = known_.find(host);
  return found != known_.end() ? found->second : looked_up{"no answer", {}};
}

} // namespace parlor::cluster
