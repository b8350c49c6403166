// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "app/options_text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parlor {

/// Adds the options of one section: what each takes, and how a value is judged
/// and taken over.
class option_section {
public:
  using predicate = bool (*)(const std::string&);

  option_section(std::vector<option>& rows, std::string name)
    : rows_{rows}, name_{std::move(name)} {}

  template <class T>
  option_section& integer(T& target, std::string_view key, int64_t least,
                          int64_t most, std::string_view about) {
    auto& row = add(key, about,
                    std::to_string(least) + " to " + std::to_string(most));
    row.value = [&target] { return std::to_string(target); };
    row.accept = [=, &target](const option_value& x) {
      auto number = integer_within(x, least, most);
      if (number)
        target = static_cast<T>(*number);
      return number.has_value();
    };
    return *this;
  }

  /// One that need not be there, which is "none".
  template <class T>
  option_section& integer(std::optional<T>& target, std::string_view key,
                          int64_t least, int64_t most, std::string_view about) {
    auto& row = add(key, about,
                    "none, " + std::to_string(least) + " to "
                      + std::to_string(most));
    row.value = [&target] {
      return target ? std::to_string(*target) : to_ini("none");
    };
    row.accept = [=, &target](const option_value& x) {
      auto number = integer_within(x, least, most);
      if (number)
        target = static_cast<T>(*number);
      else if (to_text(x) == "none")
        target.reset();
      else
        return false;
      return true;
    };
    return *this;
  }

  option_section&
  duration(std::chrono::nanoseconds& target, std::string_view key,
           std::string_view about,
           std::chrono::nanoseconds least = std::chrono::milliseconds{1},
           std::chrono::nanoseconds most = std::chrono::hours{24}) {
    auto& row = add(key, about, to_ini(least) + " to " + to_ini(most));
    row.value = [&target] { return to_ini(target); };
    row.accept = [=, &target](const option_value& x) {
      auto duration = to_duration(x);
      if (!duration || *duration < least || *duration > most)
        return false;
      target = *duration;
      return true;
    };
    return hint(" with a unit: ns, us, ms, s, min or h");
  }

  /// One of some names: the i-th sets the i-th value.
  template <class T>
  option_section& choice(T& target, std::string_view key,
                         std::span<const std::string_view> names,
                         std::span<const T> values, std::string_view about) {
    auto& row = add(key, about, listed(names));
    row.value = [=, &target] {
      auto at = std::find(values.begin(), values.end(), target);
      return to_ini(names[static_cast<size_t>(at - values.begin())]);
    };
    row.accept = [=, &target](const option_value& x) {
      auto name = to_text(x);
      auto at = std::find(names.begin(), names.end(), name.value_or(""));
      if (!name || at == names.end())
        return false;
      target = values[static_cast<size_t>(at - names.begin())];
      return true;
    };
    return *this;
  }

  option_section& text(std::string& target, std::string_view key,
                       std::string takes, predicate fits,
                       std::string_view about) {
    auto& row = add(key, about, std::move(takes));
    row.value = [&target] { return to_ini(std::string_view{target}); };
    row.accept = [=, &target](const option_value& x) {
      auto text = to_text(x);
      if (!text || !fits(*text))
        return false;
      target = *std::move(text);
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
    auto& row = add(key, about, std::move(takes));
    row.value = [&target] { return to_ini(target); };
    row.accept = [=, &target](const option_value& x) {
      auto texts = to_texts(x);
      if (!texts || !std::all_of(texts->begin(), texts->end(), fits))
        return false;
      target = *std::move(texts);
      return true;
    };
    return *this;
  }

  option_section& flag(bool& target, std::string_view key,
                       std::string_view about) {
    auto& row = add(key, about, "flag; true or false in the file");
    row.flag = true;
    row.value = [&target] { return target ? "true" : "false"; };
    row.accept = [&target](const option_value& x) {
      auto flag = to_flag(x);
      target = flag.value_or(target);
      return flag.has_value();
    };
    return *this;
  }

  /// What an error says of the last one, behind what it takes.
  option_section& hint(std::string_view more) {
    rows_.back().hint = more;
    return *this;
  }

private:
  static std::optional<int64_t> integer_within(const option_value& x,
                                               int64_t least, int64_t most) {
    auto number = to_integer(x);
    return number && *number >= least && *number <= most ? number
                                                         : std::nullopt;
  }

  option& add(std::string_view key, std::string_view about, std::string takes) {
    auto& row = rows_.emplace_back();
    row.key = name_ + '.' + std::string{key};
    row.about = about;
    row.takes = std::move(takes);
    return row;
  }

  std::vector<option>& rows_;
  std::string name_;
};

} // namespace parlor
