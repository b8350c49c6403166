// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/json_line.hpp"

#include <cmath>
#include <cstdio>
#include <utility>

namespace parlor::bench::wsload {

void json_line::key(std::string_view name) {
  out_ += out_.empty() ? '{' : ',';
  out_ += '"';
  out_ += name;
  out_ += "\":";
}

void json_line::text(std::string_view name, std::string_view value) {
  key(name);
  out_ += '"';
  for (const char ch : value) {
    if (ch == '"' || ch == '\\')
      out_ += '\\';
    out_ += static_cast<unsigned char>(ch) < ' ' ? ' ' : ch;
  }
  out_ += '"';
}

void json_line::number(std::string_view name, double value) {
  key(name);
  char text[32];
  const bool whole = std::fabs(value) < 1e15 && value == std::trunc(value);
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.6g", value);
  out_ += text;
}

void json_line::durations(const std::string& prefix, const histogram& values) {
  const auto us = [&](const char* name, double ns) {
    number(prefix + name, ns / 1e3);
  };
  count(prefix + "_n", values.count());
  us("_us_mean", values.mean());
  us("_us_p50", values.quantile(.5));
  us("_us_p90", values.quantile(.9));
  us("_us_p99", values.quantile(.99));
  us("_us_p999", values.quantile(.999));
  us("_us_max", static_cast<double>(values.max()));
}

std::string json_line::finish() && {
  out_ += '}';
  return std::move(out_);
}

} // namespace parlor::bench::wsload
