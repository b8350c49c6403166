// SPDX-License-Identifier: MIT
#include "cluster/links/gate.hpp"

#include "cluster/limits.hpp"
#include "cluster/links/gate_tls.hpp"
#include "cluster/links/refusals.hpp"
#include "cluster/resolver.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pthread.h>

#include <exception>
#include <list>
#include <thread>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

namespace parlor::cluster {

namespace asio = boost::asio;

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

/// What OpenSSL says is wrong begins so.
constexpr const char* tls_refusal = "TLS: ";

/// After a failure to accept, as where there are no descriptors left.
constexpr milliseconds accept_pause{100};

auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

/// A coroutine that fails has failed in a way that nobody provided for.
void must_not_throw(std::exception_ptr failed) {
  if (failed)
    std::rethrow_exception(failed);
}

bool is_loopback(const asio::ip::address& x) {
  return x.is_v4() && x.to_v4().is_loopback();
}

} // namespace

void ssl_closer::operator()(SSL* x) const noexcept {
  SSL_free(x);
}

trusted_socket::~trusted_socket() {
  tls_.reset();
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

int trusted_socket::release() noexcept {
  return std::exchange(descriptor_, -1);
}

std::unique_ptr<SSL, ssl_closer> trusted_socket::release_tls() noexcept {
  return std::move(tls_);
}

struct gate::state {
  /// A connection on its way to be trusted.
  struct stranger {
    explicit stranger(asio::io_context& loop) : socket{loop}, timer{loop} {}

    void abort() {
      error_code ignored;
      socket.close(ignored);
    }

    tcp::socket socket;
    asio::steady_timer timer;
  };

  using stranger_ptr = std::shared_ptr<stranger>;

  /// Gives up after that time: what waits for the socket ends.
  static void expire_after(const stranger_ptr& who, milliseconds patience) {
    who->timer.expires_after(patience);
    who->timer.async_wait([weak = std::weak_ptr{who}](error_code canceled) {
      if (auto still = weak.lock(); still && !canceled)
        still->abort();
    });
  }

  asio::awaitable<void> accept_all();
  asio::awaitable<void> welcome(stranger_ptr who);
  asio::awaitable<void> call(address to, dialed then);
  asio::awaitable<std::string> reach(stranger_ptr who, address to);
  asio::awaitable<std::string> shake_hands(stranger_ptr who, SSL* tls);
  asio::awaitable<void> look(address whom, std::function<void(bool)> then);

  trusted_socket_ptr trusted(stranger& who,
                             std::unique_ptr<SSL, ssl_closer> tls);
  static void turn_away(const std::string& from, const std::string& problem);

  asio::io_context loop{1};
  tcp::acceptor acceptor{loop};
  tls::slot_ptr context;
  std::function<void(trusted_socket_ptr)> accepted;
  /// In their handshake, the oldest first.
  std::list<stranger_ptr> waiting;
  std::thread thread;
};

std::variant<std::unique_ptr<gate>, std::string>
gate::open(const gate_options& options,
           std::function<void(trusted_socket_ptr)> accepted) {
  auto all = std::make_unique<state>();
  error_code error;
  auto where = asio::ip::make_address(options.at.host, error);
  if (error)
    return options.at.host + " is no IP address to listen on";
  all->context = options.tls;
  if (!options.tls && (!options.insecure_loopback || !is_loopback(where)))
    return "nodes need certificates to talk to each other, unless all of them "
           "are within 127.0.0.0/8 and that is allowed";
  tcp::endpoint at{where, options.at.port};
  all->acceptor.open(at.protocol(), error);
  if (!error)
    all->acceptor.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error)
    all->acceptor.bind(at, error);
  if (!error)
    all->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return "cannot listen on " + to_string(options.at) + ": " + error.message();
  all->accepted = std::move(accepted);
  return std::unique_ptr<gate>{new gate{std::move(all)}};
}

gate::gate(std::unique_ptr<state> all) : state_{std::move(all)} {
  asio::co_spawn(state_->loop, state_->accept_all(), must_not_throw);
  state_->thread = std::thread{[x = state_.get()] { x->loop.run(); }};
  pthread_setname_np(state_->thread.native_handle(), "parlor-gate");
}

gate::~gate() {
  state_->loop.stop();
  state_->thread.join();
}

uint16_t gate::port() const noexcept {
  error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

void gate::dial(address to, dialed then) {
  asio::post(state_->loop, [x = state_.get(), to = std::move(to),
                            then = std::move(then)]() mutable {
    asio::co_spawn(x->loop, x->call(std::move(to), std::move(then)),
                   must_not_throw);
  });
}

void gate::probe(address whom, std::function<void(bool)> then) {
  asio::post(state_->loop, [x = state_.get(), whom = std::move(whom),
                            then = std::move(then)]() mutable {
    asio::co_spawn(x->loop, x->look(std::move(whom), std::move(then)),
                   must_not_throw);
  });
}

asio::awaitable<void> gate::state::accept_all() {
  for (;;) {
    auto next = std::make_shared<stranger>(loop);
    error_code error;
    co_await acceptor.async_accept(next->socket, into(error));
    if (error) {
      log::warn("cannot accept nodes", {{"problem", error.message()}});
      next->timer.expires_after(accept_pause);
      co_await next->timer.async_wait(into(error));
      continue;
    }
    waiting.push_back(next);
    // Whoever belongs here is faster than so many others.
    if (waiting.size() > strangers)
      waiting.front()->abort();
    asio::co_spawn(loop, welcome(next), must_not_throw);
  }
}

asio::awaitable<void> gate::state::welcome(stranger_ptr who) {
  // Who is gone by the end has no address any more.
  error_code gone;
  auto at = who->socket.remote_endpoint(gone);
  auto from = gone ? std::string{} : at.address().to_string();
  std::unique_ptr<SSL, ssl_closer> tls;
  std::string problem;
  if (context) {
    tls.reset(SSL_new(context->get()->get()));
    SSL_set_accept_state(tls.get());
    problem = co_await shake_hands(who, tls.get());
  }
  waiting.remove(who);
  if (!problem.empty())
    turn_away(from, problem);
  else if (auto socket = trusted(*who, std::move(tls)))
    accepted(std::move(socket));
}

asio::awaitable<void> gate::state::call(address to, dialed then) {
  auto who = std::make_shared<stranger>(loop);
  std::unique_ptr<SSL, ssl_closer> tls;
  auto problem = co_await reach(who, std::move(to));
  if (problem.empty() && context) {
    tls.reset(SSL_new(context->get()->get()));
    SSL_set_connect_state(tls.get());
    problem = co_await shake_hands(who, tls.get());
  }
  trusted_socket_ptr result;
  if (problem.empty()) {
    result = trusted(*who, std::move(tls));
    problem = result ? "" : "the connection ended";
  }
  then(std::move(result), std::move(problem));
}

asio::awaitable<std::string> gate::state::reach(stranger_ptr who, address to) {
  error_code error;
  std::string problem;
  resolver names{loop};
  auto found = co_await names.resolve(to, connect_patience, problem);
  if (found.empty())
    co_return "looking up the name: " + problem;
  auto target = found.front();
  if (!context && !is_loopback(target.address()))
    co_return "without certificates only 127.0.0.0/8 is dialed";
  expire_after(who, connect_patience);
  co_await who->socket.async_connect(target, into(error));
  who->timer.cancel();
  if (error == asio::error::operation_aborted)
    co_return "connecting: no answer";
  if (error)
    co_return "connecting: " + error.message();
  co_return std::string{};
}

asio::awaitable<std::string> gate::state::shake_hands(stranger_ptr who,
                                                      SSL* tls) {
  expire_after(who, handshake_patience);
  error_code error;
  who->socket.non_blocking(true, error);
  if (error || SSL_set_fd(tls, who->socket.native_handle()) != 1)
    co_return "no socket for TLS";
  for (;;) {
    // What another connection left there is not about this one.
    ERR_clear_error();
    auto done = SSL_do_handshake(tls);
    if (done == 1)
      break;
    auto why = SSL_get_error(tls, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
      co_return tls_refusal + tls_problem() + verdict_on_peer(tls);
    co_await who->socket.async_wait(why == SSL_ERROR_WANT_READ
                                      ? tcp::socket::wait_read
                                      : tcp::socket::wait_write,
                                    into(error));
    if (error)
      co_return "no end of the TLS handshake";
  }
  who->timer.cancel();
  co_return std::string{};
}

/// Who shows a wrong certificate, or takes ours for one, may be a node whose
/// operator has to know; who is silent or goes is none.
void gate::state::turn_away(const std::string& from,
                            const std::string& problem) {
  auto is_certain = problem.starts_with(tls_refusal)
                    && !problem.ends_with(no_tls_problem);
  if (is_certain)
    log::warn("a stranger is turned away",
              {{"from", from}, {"problem", problem}});
  else
    log::debug("a stranger is turned away",
               {{"from", from}, {"problem", problem}});
}

/// Null where the socket was closed meanwhile.
trusted_socket_ptr gate::state::trusted(stranger& who,
                                        std::unique_ptr<SSL, ssl_closer> tls) {
  who.timer.cancel();
  error_code error;
  who.socket.set_option(tcp::no_delay{true}, error);
  who.socket.non_blocking(true, error);
  auto descriptor = error ? -1 : who.socket.release(error);
  if (error)
    return nullptr;
  return std::make_shared<trusted_socket>(descriptor, std::move(tls));
}

asio::awaitable<void> gate::state::look(address whom,
                                        std::function<void(bool)> then) {
  refusals so_far;
  auto is_refused = false;
  for (int i = 0; i < probes; ++i) {
    error_code error;
    auto who = std::make_shared<stranger>(loop);
    std::string problem;
    resolver names{loop};
    auto found = co_await names.resolve(whom, connect_patience, problem);
    if (!found.empty()) {
      expire_after(who, connect_patience);
      co_await who->socket.async_connect(found.front(), into(error));
    }
    is_refused = so_far.add(error == asio::error::connection_refused);
    if (is_refused)
      break;
    who->timer.expires_after(probe_pause);
    co_await who->timer.async_wait(into(error));
  }
  then(is_refused);
}

} // namespace parlor::cluster
