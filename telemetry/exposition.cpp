// SPDX-License-Identifier: MIT
#include "telemetry/exposition.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace parlor {

exposition::exposition()
  : registry_{std::make_unique<prometheus::Registry>()} {}

exposition::~exposition() = default;

void exposition::gauge(const char* name, const char* help, double value) {
  prometheus::BuildGauge()
    .Name(name)
    .Help(help)
    .Register(*registry_)
    .Add({})
    .Set(value);
}

void exposition::gauge(const char* name, const char* help, const char* label,
                       const labelled& values) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(
    *registry_);
  for (auto& [of, value] : values)
    family.Add({{label, of}}).Set(static_cast<double>(value));
}

void exposition::counter(const char* name, const char* help, double value) {
  prometheus::BuildCounter()
    .Name(name)
    .Help(help)
    .Register(*registry_)
    .Add({})
    .Increment(value);
}

void exposition::counter(const char* name, const char* help, const char* label,
                         const labelled& values) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(
    *registry_);
  for (auto& [of, value] : values)
    family.Add({{label, of}}).Increment(static_cast<double>(value));
}

void exposition::histogram(const char* name, const char* help,
                           std::span<const double> bounds,
                           std::span<const uint64_t> counts, double sum) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(
    *registry_);
  prometheus::Histogram::BucketBoundaries steps{bounds.begin(), bounds.end()};
  family.Add({}, steps).ObserveMultiple({counts.begin(), counts.end()}, sum);
}

std::string exposition::text() const {
  return prometheus::TextSerializer{}.Serialize(registry_->Collect());
}

} // namespace parlor
