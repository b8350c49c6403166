// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace prometheus {
class Registry;
}

namespace parlor {

/// A page of metrics in Prometheus' text format, put together anew for every
/// scrape: the numbers are kept elsewhere. Each family is added once; a name
/// that Prometheus does not allow is a std::invalid_argument. Not thread-safe.
class exposition {
public:
  /// Values by the value of the family's one label.
  using labelled = std::vector<std::pair<std::string, uint64_t>>;

  exposition();
  ~exposition();

  exposition(const exposition&) = delete;
  exposition& operator=(const exposition&) = delete;

  void gauge(const char* name, const char* help, double value);
  void gauge(const char* name, const char* help, uint64_t value) {
    gauge(name, help, static_cast<double>(value));
  }
  void gauge(const char* name, const char* help, const char* label,
             const labelled& values);

  void counter(const char* name, const char* help, double value);
  void counter(const char* name, const char* help, uint64_t value) {
    counter(name, help, static_cast<double>(value));
  }
  void counter(const char* name, const char* help, const char* label,
               const labelled& values);

  /// `counts` has one for each upper bound, of what is between it and the one
  /// before, and one for what is above them all.
  void histogram(const char* name, const char* help,
                 std::span<const double> bounds,
                 std::span<const uint64_t> counts, double sum);

  /// The page so far. A family without a value is not on it.
  std::string text() const;

private:
  std::unique_ptr<prometheus::Registry> registry_;
};

} // namespace parlor
