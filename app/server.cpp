// SPDX-License-Identifier: MIT
#include "app/server.hpp"

#include "app/certificates.hpp"
#include "app/memory.hpp"
#include "app/reload.hpp"
#include "app/runtime.hpp"
#include "app/service_manager.hpp"
#include "messages/add_messages.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <caf/actor_system_config.hpp>

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <variant>

namespace parlor {

namespace {

namespace asio = boost::asio;

/// How often it is seen whether memory can be given back.
constexpr std::chrono::seconds house_rounds{10};

/// How often what is to be renewed is warned of.
constexpr std::chrono::hours certificate_rounds{24};

/// After this long clients may come to a node that has not caught up with its
/// cluster: systemd waits no longer than a bit more for any service to start.
constexpr std::chrono::seconds start_patience{60};

/// Nothing runs on CAF's own scheduler but what is not ours.
struct caf_configuration : caf::actor_system_config {
  caf_configuration() {
    add_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{1});
  }
};

/// What is shown, and until when; or what is to be renewed alone.
void report_certificates(const settings& of, bool all = true) {
  for (const auto& one : certificates_of(of)) {
    auto end = tls::to_string(one.lasts.until);
    auto state = judge(one.lasts, std::chrono::system_clock::now());
    if (state == certificate_state::out_of_date)
      log::warn("certificate is out of date",
                {{"key", one.key}, {"file", one.path}, {"ends", end}});
    else if (state == certificate_state::ends_soon)
      log::warn("certificate ends soon",
                {{"key", one.key}, {"file", one.path}, {"ends", end}});
    else if (all)
      log::info("certificate",
                {{"key", one.key}, {"file", one.path}, {"ends", end}});
  }
}

std::string joined(const std::vector<std::string>& keys) {
  std::string result;
  for (auto& key : keys)
    (result += result.empty() ? "" : ", ") += key;
  return result;
}

/// The old configuration stays.
void report_refusal(const early_exit& no) {
  std::istringstream lines{no.text};
  for (std::string line; std::getline(lines, line);)
    log::error("configuration refused",
               {{"problem", line.substr(line.find(' ') + 1)}});
}

/// What the main thread does: waits for signals, reloads, and sees the node out.
class supervision {
public:
  supervision(const settings& with, std::function<parsed()> read_again,
              std::function<void()> started)
    : settings_{with},
      read_again_{std::move(read_again)},
      started_{std::move(started)},
      system_{caf_},
      node_{system_, settings_, [this](const caf::error& why) {
              asio::post(control_, [this, why] { handle_ended(why); });
            }} {}

  int run() {
    // A log that nobody reads any more is no reason to die, and neither is a
    // signal by which other services rotate logs or tell of themselves.
    for (auto harmless : {SIGPIPE, SIGUSR1, SIGUSR2})
      std::signal(harmless, SIG_IGN);
    if (auto deaf = node_.listen()) {
      log::error("cannot listen", {{"host", deaf->host},
                                   {"port", deaf->port},
                                   {"problem", deaf->problem}});
      return EXIT_FAILURE;
    }
    report_ports();
    started_();
    report_certificates(settings_);
    report_administrators();
    node_.when_caught_up(start_patience, [this] {
      asio::post(control_, [this] { say_ready(); });
    });
    wait_for_signal();
    keep_house();
    look_at_certificates();
    if (auto patience = service_manager::watchdog())
      show_life(*patience / 2);
    control_.run();
    log::info("stopped");
    return EXIT_SUCCESS;
  }

private:
  void report_ports() {
    auto apart = settings_.admin_port.has_value();
    auto scheme = settings_.tls ? "https" : "http";
    log::info("listening", {{"host", settings_.host},
                            {"port", node_.port()},
                            {"scheme", scheme},
                            {"serves", apart ? "clients" : "everybody"}});
    if (apart)
      log::info("listening", {{"host", settings_.admin_address()},
                              {"port", node_.admin_port()},
                              {"scheme", scheme},
                              {"serves", "administrators"}});
  }

  /// A proxy on this machine may pass strangers on as if they were of it; to a
  /// port of its own it passes nobody on.
  void report_administrators() {
    if (settings_.admin_token.empty() && !settings_.trusted_proxies.empty()
        && !settings_.admin_port)
      log::warn("administrators are known by address alone",
                {{"missing", "admin.token-file"}});
  }

  void say_ready() {
    if (!draining_)
      service_manager::ready("Listening on port "
                             + std::to_string(node_.port()));
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (!error)
        handle_signal(signal);
    });
  }

  void handle_signal(int signal) {
    if (signal == SIGHUP) {
      reload_settings();
      return wait_for_signal();
    }
    if (draining_) {
      log::warn("stopping at once", {{"signal", signal}});
      control_.stop();
      return;
    }
    draining_ = true;
    log::info("closing", {{"signal", signal}});
    service_manager::stopping("Sending clients home");
    node_.close(close_code::service_restart);
    // A proxy that has not seen yet that this node is not ready sends it clients:
    // they are told to come back, and then it may know.
    notice_.expires_after(settings_.drain_notice);
    notice_.async_wait([this](boost::system::error_code error) {
      if (!error)
        node_.stop_listening();
    });
    deadline_.expires_after(settings_.drain_timeout);
    deadline_.async_wait([this](boost::system::error_code error) {
      if (!error)
        control_.stop();
    });
    wait_for_signal();
  }

  /// All of it holds, or nothing.
  void reload_settings() {
    if (draining_)
      return log::warn("configuration is not read while closing");
    auto read = read_again_();
    if (auto* no = std::get_if<early_exit>(&read))
      return report_refusal(*no);
    auto result = reloaded(settings_, std::get<settings>(read));
    settings_ = std::move(result.effective);
    log::set_level(settings_.log.threshold);
    for (auto& key : result.waiting)
      log::record(log::level::warn, "needs a restart", {{"key", key}});
    node_.adopt([this, keys = joined(result.changed)] {
      asio::post(control_, [this, keys] {
        log::info("configuration reloaded", {{"changed", keys}});
        report_certificates(settings_);
      });
    });
  }

  void keep_house() {
    housekeeping_.expires_after(house_rounds);
    housekeeping_.async_wait([this](boost::system::error_code error) {
      if (error)
        return;
      return_free_memory();
      keep_house();
    });
  }

  void look_at_certificates() {
    certificates_due_.expires_after(certificate_rounds);
    certificates_due_.async_wait([this](boost::system::error_code error) {
      if (error)
        return;
      report_certificates(settings_, false);
      look_at_certificates();
    });
  }

  /// One that hangs on a loop is killed and started anew.
  void show_life(std::chrono::microseconds every) {
    node_.when_turned(
      [this] { asio::post(control_, [] { service_manager::alive(); }); });
    sign_of_life_.expires_after(every);
    sign_of_life_.async_wait([this, every](boost::system::error_code error) {
      if (!error)
        show_life(every);
    });
  }

  void handle_ended(const caf::error& why) {
    // Nothing orderly can be done without them.
    if (why) {
      log::stop();
      std::_Exit(EXIT_FAILURE);
    }
    node_.when_idle([this] {
      node_.when_handed_over(
        [this] { asio::post(control_, [this] { stop(); }); });
    });
  }

  void stop() { control_.stop(); }

  settings settings_;
  std::function<parsed()> read_again_;
  std::function<void()> started_;
  caf_configuration caf_;
  caf::actor_system system_;
  asio::io_context control_{1};
  asio::signal_set signals_{control_, SIGTERM, SIGINT, SIGHUP};
  asio::steady_timer notice_{control_};
  asio::steady_timer deadline_{control_};
  asio::steady_timer housekeeping_{control_};
  asio::steady_timer certificates_due_{control_};
  asio::steady_timer sign_of_life_{control_};
  bool draining_ = false;
  runtime node_;
};

} // namespace

int serve(const settings& with, std::function<parsed()> read_again,
          std::function<void()> started) {
  return supervision{with, std::move(read_again), std::move(started)}.run();
}

} // namespace parlor
