// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/value.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string_view>

/// Structured log lines on stderr: an event and its fields. A thread of the log
/// writes them, so callers (actors) never wait for the terminal or the disk;
/// when lines come faster than it writes, the oldest are lost and counted. An
/// event that repeats too often is left out, and its lines are counted, too.
namespace parlor::log {

enum class level : uint8_t { debug, info, warn, error };

enum class format : uint8_t { text, json };

struct options {
  /// What is less important than this is not written.
  level threshold = level::info;
  format style = format::text;
  /// How often an event may be written anew (`most_repeats`), and how often it
  /// is said what was left out. Above 0.
  std::chrono::seconds period{10};
};

/// Begins to write. Lines from before go nowhere. One thread at a time calls
/// start, stop and set_level; the rest of this header is for all threads.
void start(options x = {});

/// How long the end waits for a terminal or a disk that takes nothing.
inline constexpr std::chrono::seconds stop_patience{2};

/// Writes all that was logged before, says how many lines were lost or left out,
/// and ends.
/// Lines from after go nowhere. False where it gave up: then a thread still
/// hangs in a write to stderr, and only `std::_Exit` ends the process for sure.
bool stop(std::chrono::milliseconds patience = stop_patience);

void set_level(level threshold);

/// Whether lines of this level are written: for callers whose fields are dear.
bool enabled(level x) noexcept;

/// Each writes one line, unless its level is below the threshold or its event
/// was written `most_repeats` times in this period: then `lines left out` says
/// how many there were. `event` and keys are literals; never log contents or
/// tokens.
void debug(std::string_view event, std::initializer_list<field> fields = {});
void info(std::string_view event, std::initializer_list<field> fields = {});
void warn(std::string_view event, std::initializer_list<field> fields = {});
void error(std::string_view event, std::initializer_list<field> fields = {});

/// Writes a line however often its event repeats: for what each line alone
/// tells, such as who came and went, or why the process ends.
void record(level severity, std::string_view event,
            std::initializer_list<field> fields = {});

} // namespace parlor::log
