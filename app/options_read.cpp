// SPDX-License-Identifier: MIT
#include "app/options.hpp"

#include "app/options_text.hpp"

#include <caf/config_value.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/settings.hpp>

#include <algorithm>

namespace parlor {

namespace {

/// The argument that sets this key: the last one counts.
std::string last_of(const option& x, const std::vector<std::string>& args) {
  auto prefix = "--" + x.key + '=';
  auto at = std::find_if(args.rbegin(), args.rend(), [&](const auto& arg) {
    return arg.starts_with(prefix);
  });
  return at == args.rend() ? "--" + x.key : *at;
}

/// What is behind the equals sign.
std::string_view value_of(std::string_view arg) {
  return arg.substr(arg.find('=') + 1);
}

} // namespace

std::vector<std::string>
configuration::read(const std::vector<std::string>& args) {
  // CAF's prefix for options of its own would make a second name of each key.
  auto prefixed = std::find_if(args.begin(), args.end(), [](const auto& x) {
    return x.starts_with("--caf#");
  });
  if (prefixed != args.end())
    return {complaint(*prefixed, caf::pec::not_an_option)};
  // CAF multiplies before anybody can judge.
  for (const auto& row : rows_)
    if (row.duration)
      for (const auto& arg : args)
        if (arg.starts_with("--" + row.key + '=')
            && is_beyond_range(value_of(arg)))
          return {complaint(arg, caf::pec::integer_overflow)};
  caf::settings given;
  auto [why, at] = custom_options_.parse(given, args);
  if (at != args.end())
    return {complaint(*at, why)};
  std::vector<std::string> problems;
  for (const auto& row : rows_)
    if (!row.accept())
      problems.push_back(last_of(row, args) + ": expected " + row.takes);
  return problems;
}

std::vector<std::string> configuration::read(const caf::settings& keys) {
  std::vector<std::string> problems;
  for (const auto& [key, value] : keys)
    read(key, value, problems);
  return problems;
}

void configuration::read(const std::string& key, const caf::config_value& value,
                         std::vector<std::string>& problems) {
  auto row = find(key);
  if (row == nullptr) {
    auto section = caf::get_if<caf::config_value::dictionary>(&value);
    if (section == nullptr)
      problems.push_back("unknown key " + key);
    else
      for (const auto& [name, inner] : *section)
        read(key + '.' + name, inner, problems);
    return;
  }
  auto known = custom_options_.qualified_name_lookup(key);
  auto fits = !known->check(value);
  if (fits)
    known->store(value);
  if (!fits || !row->accept())
    problems.push_back(key + " = " + caf::deep_to_string(value) + ": expected "
                       + row->takes);
}

const option* configuration::find(std::string_view key) const {
  auto at = std::find_if(rows_.begin(), rows_.end(),
                         [=](const option& x) { return x.key == key; });
  return at == rows_.end() ? nullptr : &*at;
}

std::string configuration::complaint(const std::string& arg,
                                     caf::pec why) const {
  if (!arg.starts_with('-'))
    return "stray argument " + arg + ": options are like --key=value";
  if (why == caf::pec::not_an_option || !arg.starts_with("--"))
    return "unknown option " + arg;
  auto equals = arg.find('=');
  auto row = find(std::string_view{arg}.substr(2, equals - 2));
  if (why == caf::pec::missing_argument)
    return arg.substr(0, equals)
           + " needs =VALUE: " + (row == nullptr ? "a path" : row->takes);
  if (row == nullptr || row->flag)
    return arg + ": takes no value";
  return arg + ": expected " + row->takes;
}

} // namespace parlor
