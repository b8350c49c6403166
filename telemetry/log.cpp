// SPDX-License-Identifier: MIT
#include "telemetry/log.hpp"

#include "telemetry/line.hpp"
#include "telemetry/repeats.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/periodic_worker.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <exception>
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

std::string line_of(level severity, std::string_view event,
                    std::initializer_list<field> fields) {
  entry x{std::chrono::system_clock::now(), severity, event, fields};
  return render(x, line_style.load(std::memory_order_relaxed));
}

/// stderr. A flush first writes how many lines were left out: on the log's own
/// thread and past its queue, so that a queue that overflows loses none of it.
class counting_sink final : public spdlog::sinks::stderr_sink_mt {
public:
  explicit counting_sink(std::chrono::seconds period) : seen{period} {}

  void flush() override {
    for (const auto& x : seen.take()) {
      auto line = line_of(x.severity, "lines left out",
                          {{"of", x.event}, {"lines", x.lines}});
      log({"parlor", spdlog::level::info, line});
    }
    spdlog::sinks::stderr_sink_mt::flush();
  }

  repeats seen;
};

/// What callers write to. One whose pool is gone drops lines, so a caller that
/// overlaps stop() does no harm.
struct writer {
  std::shared_ptr<counting_sink> sink;
  std::shared_ptr<spdlog::async_logger> logger;
};

std::atomic<writer*> current = nullptr;

/// All of the process, the last one current. Kept until its end, since a caller
/// may still hold one.
std::vector<std::unique_ptr<writer>>& writers() {
  static std::vector<std::unique_ptr<writer>> result;
  return result;
}

/// The queue and the thread that empties it; null while stopped.
std::shared_ptr<spdlog::details::thread_pool>& pool() {
  static std::shared_ptr<spdlog::details::thread_pool> result;
  return result;
}

/// Asks for a flush once a period; null while stopped.
std::unique_ptr<spdlog::details::periodic_worker>& ticker() {
  static std::unique_ptr<spdlog::details::periodic_worker> result;
  return result;
}

std::unique_ptr<writer> make_writer(std::chrono::seconds period) {
  auto sink = std::make_shared<counting_sink>(period);
  auto logger = std::make_shared<spdlog::async_logger>(
    "parlor", sink, pool(), spdlog::async_overflow_policy::overrun_oldest);
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
    "%v", spdlog::pattern_time_type::utc, "\n"));
  // Where stderr is gone there is nobody left to tell.
  logger->set_error_handler([](const std::string&) {});
  return std::make_unique<writer>(writer{std::move(sink), std::move(logger)});
}

/// The current writer, if it writes lines of this level.
writer* writer_for(level severity) {
  return enabled(severity) ? current.load(std::memory_order_acquire) : nullptr;
}

/// Lines for which there was no memory.
std::atomic<uint64_t> unwritten = 0;

template <class F>
void counting_failures(F f) noexcept {
  try {
    f();
  } catch (const std::exception&) {
    unwritten.fetch_add(1, std::memory_order_relaxed);
  }
}

void write(level severity, std::string_view event,
           std::initializer_list<field> fields) noexcept {
  counting_failures([&] {
    auto* to = writer_for(severity);
    if (to != nullptr
        && to->sink->seen.admit(severity, event,
                                std::chrono::steady_clock::now()))
      record(severity, event, fields);
  });
}

} // namespace

void start(options x) {
  stop();
  pool() = std::make_shared<spdlog::details::thread_pool>(queue_capacity, 1);
  writers().push_back(make_writer(x.period));
  line_style = x.style;
  current = writers().back().get();
  ticker() = std::make_unique<spdlog::details::periodic_worker>(
    [logger = writers().back()->logger] { logger->flush(); }, x.period);
  set_level(x.threshold);
}

bool stop(std::chrono::milliseconds patience) {
  if (!pool())
    return true;
  if (auto lost = pool()->overrun_counter() + unwritten.exchange(0); lost > 0)
    warn("log lines lost", {{"lines", lost}});
  least = off;
  ticker() = nullptr;
  // Its thread writes what is queued and ends, unless nobody takes that.
  std::packaged_task<void()> end{[last = std::exchange(pool(), nullptr),
                                  sink = writers().back()->sink]() mutable {
    last.reset();
    sink->flush();
  }};
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

void record(level severity, std::string_view event,
            std::initializer_list<field> fields) {
  counting_failures([&] {
    if (auto* to = writer_for(severity))
      to->logger->log(spdlog::level::info, line_of(severity, event, fields));
  });
}

} // namespace parlor::log
