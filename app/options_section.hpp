// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "app/options_text.hpp"

#include <caf/config_option_adder.hpp>
#include <caf/config_option_set.hpp>
#include <caf/timespan.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parlor {

/// Adds the options of one section: to CAF, which reads them into a value of
/// its own, and to the rows, which check that value and take it over.
class option_section {
public:
  using predicate = bool (*)(const std::string&);

  option_section(caf::config_option_set& known, std::vector<option>& rows,
                 std::string name)
    : known_{known}, rows_{rows}, name_{std::move(name)} {}

  template <class T>
  option_section& integer(T& target, std::string_view key, int64_t least,
                          int64_t most, std::string_view about) {
    auto raw = add(static_cast<int64_t>(target), key, about);
    auto& row = rows_.back();
    row.takes = std::to_string(least) + " to " + std::to_string(most);
    row.value = [&target] { return std::to_string(target); };
    row.accept = [=, &target] {
      if (*raw < least || *raw > most)
        return false;
      target = static_cast<T>(*raw);
      return true;
    };
    return *this;
  }

  option_section&
  duration(std::chrono::nanoseconds& target, std::string_view key,
           std::string_view about,
           std::chrono::nanoseconds least = std::chrono::milliseconds{1},
           std::chrono::nanoseconds most = std::chrono::hours{24}) {
    auto raw = add(target, key, about);
    auto& row = rows_.back();
    row.takes = to_ini(least) + " to " + to_ini(most);
    row.duration = true;
    row.value = [&target] { return to_ini(target); };
    row.accept = [=, &target] {
      if (*raw < least || *raw > most)
        return false;
      target = *raw;
      return true;
    };
    return *this;
  }

  /// One of some names: the i-th sets the i-th value.
  template <class T>
  option_section& choice(T& target, std::string_view key,
                         std::span<const std::string_view> names,
                         std::span<const T> values, std::string_view about) {
    auto name_of = [=](T x) {
      auto at = std::find(values.begin(), values.end(), x) - values.begin();
      return std::string{names[static_cast<size_t>(at)]};
    };
    auto raw = add(name_of(target), key, about);
    auto& row = rows_.back();
    row.takes = listed(names);
    row.value = [raw] { return to_ini(std::string_view{*raw}); };
    row.accept = [=, &target] {
      auto at = std::find(names.begin(), names.end(), *raw) - names.begin();
      if (at == std::ssize(names))
        return false;
      target = values[static_cast<size_t>(at)];
      return true;
    };
    return *this;
  }

  option_section& text(std::string& target, std::string_view key,
                       std::string takes, predicate fits,
                       std::string_view about) {
    auto raw = add(target, key, about);
    auto& row = rows_.back();
    row.takes = std::move(takes);
    row.value = [&target] { return to_ini(std::string_view{target}); };
    row.accept = [raw, &target, fits] {
      if (!fits(*raw))
        return false;
      target = *raw;
      return true;
    };
    return *this;
  }

  /// Of a file; what is in it is for others to judge.
  option_section& path(std::string& target, std::string_view key,
                       std::string_view about) {
    return text(
      target, key, "a path", [](const std::string&) { return true; }, about);
  }

  option_section& list(std::vector<std::string>& target, std::string_view key,
                       std::string takes, predicate fits,
                       std::string_view about) {
    auto raw = add(target, key, about);
    auto& row = rows_.back();
    row.takes = std::move(takes);
    row.value = [&target] { return to_ini(target); };
    row.accept = [raw, &target, fits] {
      target = *raw;
      return std::all_of(raw->begin(), raw->end(), fits);
    };
    return *this;
  }

  option_section& flag(bool& target, std::string_view key,
                       std::string_view about) {
    auto raw = add(target, key, about);
    auto& row = rows_.back();
    row.takes = "flag; true or false in the file";
    row.flag = true;
    row.value = [&target] { return target ? "true" : "false"; };
    row.accept = [raw, &target] {
      target = *raw;
      return true;
    };
    return *this;
  }

private:
  template <class T>
  std::shared_ptr<T> add(T initial, std::string_view key,
                         std::string_view about) {
    auto raw = std::make_shared<T>(std::move(initial));
    caf::config_option_adder{known_, name_}.add(
      *raw, caf::string_view{key.data(), key.size()},
      caf::string_view{about.data(), about.size()});
    auto& row = rows_.emplace_back();
    row.key = name_ + '.' + std::string{key};
    row.about = about;
    return raw;
  }

  caf::config_option_set& known_;
  std::vector<option>& rows_;
  std::string name_;
};

} // namespace parlor
