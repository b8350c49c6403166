// SPDX-License-Identifier: MIT
#include "telemetry/log.hpp"

#include "telemetry/line.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace parlor::log {

namespace {

constexpr size_t queue_capacity = 8192;

/// Above every level: nothing is written.
constexpr int off = static_cast<int>(level::error) + 1;

std::atomic<int> least = off;
std::atomic<format> line_style = format::text;

/// What callers write to. A logger whose pool is gone drops lines, so a caller
/// that overlaps stop() does no harm.
std::atomic<spdlog::async_logger*> current = nullptr;

/// All loggers of the process, the last one current. Kept until its end, since
/// a caller may still hold one.
std::vector<std::shared_ptr<spdlog::async_logger>>& loggers() {
  static std::vector<std::shared_ptr<spdlog::async_logger>> result;
  return result;
}

/// The queue and the thread that empties it; null while stopped.
std::shared_ptr<spdlog::details::thread_pool>& pool() {
  static std::shared_ptr<spdlog::details::thread_pool> result;
  return result;
}

std::shared_ptr<spdlog::async_logger> make_logger() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  auto result = std::make_shared<spdlog::async_logger>(
    "parlor", std::move(sink), pool(),
    spdlog::async_overflow_policy::overrun_oldest);
  result->set_formatter(std::make_unique<spdlog::pattern_formatter>(
    "%v", spdlog::pattern_time_type::utc, "\n"));
  // Where stderr is gone there is nobody left to tell.
  result->set_error_handler([](const std::string&) {});
  return result;
}

void write(level severity, std::string_view event,
           std::initializer_list<field> fields) {
  if (!enabled(severity))
    return;
  auto logger = current.load(std::memory_order_acquire);
  if (logger == nullptr)
    return;
  entry x{std::chrono::system_clock::now(), severity, event, fields};
  auto line = render(x, line_style.load(std::memory_order_relaxed));
  logger->log(spdlog::level::info, spdlog::string_view_t{line});
}

} // namespace

void start(options x) {
  stop();
  pool() = std::make_shared<spdlog::details::thread_pool>(queue_capacity, 1);
  loggers().push_back(make_logger());
  line_style = x.style;
  current = loggers().back().get();
  set_level(x.threshold);
}

bool stop(std::chrono::milliseconds patience) {
  if (!pool())
    return true;
  if (auto lost = pool()->overrun_counter(); lost > 0)
    warn("log lines lost", {{"lines", lost}});
  least = off;
  // Its thread writes what is queued and ends, unless nobody takes that.
  std::packaged_task<void()> end{
    [last = std::exchange(pool(), nullptr)]() mutable { last.reset(); }};
  auto ended = end.get_future();
  std::thread{std::move(end)}.detach();
  return ended.wait_for(patience) == std::future_status::ready;
}

void set_level(level threshold) {
  if (pool())
    least.store(static_cast<int>(threshold), std::memory_order_relaxed);
}

bool enabled(level x) noexcept {
  return static_cast<int>(x) >= least.load(std::memory_order_relaxed);
}

void debug(std::string_view event, std::initializer_list<field> fields) {
  write(level::debug, event, fields);
}

void info(std::string_view event, std::initializer_list<field> fields) {
  write(level::info, event, fields);
}

void warn(std::string_view event, std::initializer_list<field> fields) {
  write(level::warn, event, fields);
}

void error(std::string_view event, std::initializer_list<field> fields) {
  write(level::error, event, fields);
}

} // namespace parlor::log
