// SPDX-License-Identifier: MIT
#include "app/runtime.hpp"

#include "actors/backlog.hpp"
#include "app/certificates.hpp"
#include "app/cluster_terms.hpp"
#include "app/memory.hpp"
#include "app/options_system.hpp"
#include "app/process.hpp"
#include "auth/jwt_verifier.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <caf/send.hpp>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <future>
#include <random>
#include <utility>

namespace parlor {

namespace asio = boost::asio;

namespace {

/// How often a thread looks whether what it waits for holds.
constexpr std::chrono::milliseconds poll_pause{10};

using timer_ptr = std::shared_ptr<asio::steady_timer>;

/// Looks again and again, on the loop's own thread, until something holds.
void watch(const timer_ptr& timer, std::function<bool()> holds,
           std::function<void()> then) {
  if (holds()) {
    then();
    return;
  }
  timer->expires_after(poll_pause);
  timer->async_wait([timer, holds = std::move(holds),
                     then = std::move(then)](boost::system::error_code) {
    watch(timer, holds, then);
  });
}

void watch(event_loop& loop, std::function<bool()> holds,
           std::function<void()> then) {
  auto timer = std::make_shared<asio::steady_timer>(loop.io());
  asio::post(loop.io(), [=] { watch(timer, holds, then); });
}

/// To be called so many times, by any thread: the last call calls `then`.
std::function<void()> at_last_of(size_t calls, std::function<void()> then) {
  auto missing = std::make_shared<std::atomic<size_t>>(calls);
  return [missing, then = std::move(then)] {
    if (missing->fetch_sub(1) == 1)
      then();
  };
}

/// The loop's thread, for links to live on.
cluster::loop_host lent(event_loop& loop) {
  return {&loop.io(),
          [&loop](std::function<void()> what) { loop.lodge(std::move(what)); },
          [&loop] { loop.notify(); }};
}

/// Runs something on a loop's thread and waits for its result.
template <class F>
auto run_on(event_loop& loop, F what) {
  std::packaged_task<decltype(what())()> task{std::move(what)};
  auto result = task.get_future();
  asio::post(loop.io(), std::move(task));
  return result.get();
}

/// Half of them are left for connections to come.
uint32_t any_generation() {
  return 1 + std::random_device{}() / 2;
}

uint64_t milliseconds_since_1970() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

} // namespace

runtime::io::io(caf::actor_system& sys, uint8_t index,
                const transport::io_options& options)
  : loop{sys}, sockets{loop.io(), index, options} {
  loop.at_end_of_turn([this] { sockets.end_of_turn(turn_ran_out()); });
}

runtime::runtime(caf::actor_system& sys, const settings& with,
                 std::function<void(const caf::error&)> ended)
  : sys_{sys}, settings_{with} {
  env_.limits = with.limits;
  auto possible = connections_by_descriptors();
  if (env_.limits.max_connections == 0)
    env_.limits.max_connections = possible;
  else if (env_.limits.max_connections > possible)
    log::warn("descriptors may run out",
              {{"max_connections", env_.limits.max_connections},
               {"by_descriptors", possible}});
  env_.limits.outboxes_bytes = outboxes_by_memory(env_.limits.outboxes_bytes,
                                                  memory_allowed());
  env_.node = with.cluster.node;
  env_.version = PARLOR_VERSION;
  env_.api_sender = user_id{with.api_sender};
  env_.look_at_process = [] { return look_at_process(); };
  env_.certificates = [ends = certificate_ends_] { return *ends->load(); };
  note_certificates();
  env_.revision = milliseconds_since_1970();
  if (with.algorithm != token_algorithm::none)
    env_.tokens = std::make_shared<jwt_verifier>(with.algorithm, with.key,
                                                 with.token_rules);
  if (with.cluster.provider != cluster_provider::none) {
    env_.peers = neighbours_ = std::make_shared<neighbours>(
      node_id{with.cluster.node});
    env_.links = neighbours_;
    first_generation_ = any_generation();
  }
  auto threads = io_threads(with.threads);
  auto options = options_now();
  for (size_t i = 0; i < threads; ++i) {
    ios_.push_back(std::make_unique<io>(sys, static_cast<uint8_t>(i), options));
    env_.threads.push_back({&ios_.back()->loop, &ios_.back()->sockets,
                            std::make_shared<memory_pool>(threads)});
  }
  // The first, so that it sees all the others.
  inspection_ = inspection::start(sys, env_);
  core_ = spawn_core(sys, env_);
  node_ = spawn_pinned<node_state>(sys, &ios_.front()->loop,
                                   node_options{&env_, core_, ended});
  attach_sockets();
  start_threads();
}

transport::io_options runtime::options_now() const {
  const auto& x = settings_;
  transport::io_options result;
  result.limits = env_.limits;
  result.limits.outbox_bytes = x.limits.outbox_bytes;
  result.limits.outbox_stall = x.limits.outbox_stall;
  result.limits.handshake_timeout = x.limits.handshake_timeout;
  result.limits.http_idle = x.limits.http_idle;
  for (const auto& one : x.trusted_proxies)
    result.trusted_proxies.push_back(*transport::network::parse(one));
  for (const auto& one : x.origins)
    result.origins.push_back(*transport::origin_pattern::parse(one));
  result.api_sender = env_.api_sender.str();
  result.admin_token = x.admin_token;
  result.ws_dialect = x.ws_dialect;
  result.tokens = env_.tokens != nullptr;
  result.compression = x.compression;
  result.echo = x.echo;
  result.outboxes_bytes = env_.limits.outboxes_bytes / io_threads(x.threads);
  result.tls = x.tls;
  result.first_generation = first_generation_;
  return result;
}

void runtime::note_certificates() {
  *certificate_ends_ = std::make_shared<const ends_by_option>(
    certificate_ends(certificates_of(settings_)));
}

void runtime::adopt(std::function<void()> then) {
  note_certificates();
  if (neighbours_)
    neighbours_->renew(settings_.cluster);
  auto snapshot = std::make_shared<const transport::io_options>(options_now());
  for (auto& one : ios_)
    asio::post(one->loop.io(), [snapshot, &sockets = one->sockets] {
      sockets.adopt(*snapshot);
    });
  when_turned(std::move(then));
}

void runtime::attach_sockets() {
  auto open = [this](const handshake& hello) {
    return spawn_connection(sys_, env_, core_, hello);
  };
  auto inspector = inspection_ ? inspection_->port() : nullptr;
  for (auto& one : ios_)
    one->sockets.attach({open, core_.admin, inspector});
}

void runtime::start_threads() {
  for (auto& one : ios_) {
    one->thread = std::thread{[&loop = one->loop] { loop.run(); }};
    pthread_setname_np(one->thread.native_handle(), "parlor-io");
  }
}

std::optional<runtime::deafness> runtime::listen() {
  using transport::audience;
  auto& x = settings_;
  if (neighbours_)
    if (auto problem = neighbours_->start(x.cluster, terms_of(x), core_.cluster,
                                          lent(ios_.front()->loop)))
      return deafness{x.host, x.port, "cluster: " + *problem};
  port_ = x.port;
  if (!x.admin_port)
    return listen(x.host, port_, audience::everybody);
  if (auto no = listen(x.host, port_, audience::clients))
    return no;
  admin_port_ = *x.admin_port;
  return listen(x.admin_address(), admin_port_, audience::administrators);
}

std::optional<runtime::deafness> runtime::listen(const std::string& host,
                                                 uint16_t& port,
                                                 transport::audience whom) {
  auto deaf = [&](auto& error) {
    return deafness{host, port, error.message()};
  };
  if (auto error = transport::io_thread::claim(host, port))
    return deaf(error);
  for (auto& one : ios_) {
    auto error = run_on(one->loop,
                        [&] { return one->sockets.listen(host, port, whom); });
    if (error)
      return deaf(error);
    port = run_on(one->loop, [&] { return one->sockets.port(whom); });
  }
  return std::nullopt;
}

void runtime::close(close_code code) {
  if (neighbours_)
    neighbours_->drain();
  caf::anon_send(node_, closing_time{code, settings_.drain_timeout});
}

void runtime::stop_listening() {
  for (auto& one : ios_)
    asio::post(one->loop.io(),
               [&sockets = one->sockets] { sockets.stop_listening(); });
}

void runtime::when_idle(std::function<void()> then) {
  auto idle = at_last_of(ios_.size(), std::move(then));
  for (auto& one : ios_)
    watch(
      one->loop,
      [&sockets = one->sockets] { return sockets.open_sockets() == 0; }, idle);
}

void runtime::when_caught_up(std::chrono::seconds patience,
                             std::function<void()> then) {
  auto until = std::chrono::steady_clock::now() + patience;
  watch(
    ios_.front()->loop,
    [=, others = neighbours_] {
      return !others || others->caught_up()
             || std::chrono::steady_clock::now() >= until;
    },
    std::move(then));
}

void runtime::when_handed_over(std::function<void()> then) {
  watch(
    ios_.front()->loop,
    [others = neighbours_] { return !others || others->handed_over(); },
    std::move(then));
}

void runtime::when_turned(std::function<void()> then) {
  auto turned = at_last_of(ios_.size(), std::move(then));
  for (auto& one : ios_)
    asio::post(one->loop.io(), turned);
}

runtime::~runtime() {
  if (neighbours_)
    neighbours_->stop();
  for (auto& one : ios_)
    run_on(one->loop, [&sockets = one->sockets] { sockets.abort(); });
  caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(core_.registry, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(core_.directory, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(core_.admin, caf::exit_reason::user_shutdown);
  if (core_.cluster)
    caf::anon_send_exit(core_.cluster, caf::exit_reason::user_shutdown);
  if (inspection_)
    inspection_->end();
  sys_.await_all_actors_done();
  for (auto& one : ios_)
    one->loop.stop();
  for (auto& one : ios_)
    one->thread.join();
}

} // namespace parlor
