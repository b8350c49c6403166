// SPDX-License-Identifier: MIT
#include "app/options.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace parlor {

std::vector<std::string>
configuration::read(const std::vector<std::string>& args) {
  std::vector<std::string> problems;
  for (const auto& arg : args)
    if (auto problem = read(arg); !problem.empty())
      problems.push_back(std::move(problem));
  return problems;
}

std::string configuration::read(const std::string& arg) {
  if (!arg.starts_with('-'))
    return "stray argument " + arg + ": options are like --key=value";
  auto equals = arg.find('=');
  auto name = arg.substr(0, equals);
  auto key = name.starts_with("--") ? name.substr(2) : std::string{};
  option_value given{option_value::kind::argument,
                     equals == arg.npos ? "" : arg.substr(equals + 1),
                     {}};
  if (auto command = find_command(key))
    return equals == arg.npos ? (*command = true, "")
                              : arg + ": takes no value";
  if (key == "config-file")
    return equals == arg.npos ? name + " needs =VALUE: a path"
                              : (file = std::move(given.text), "");
  auto row = find(key);
  if (row == nullptr)
    return "unknown option " + arg;
  if (row->flag) {
    if (equals != arg.npos)
      return arg + ": takes no value";
    given.text = "true";
  } else if (equals == arg.npos) {
    return name + " needs =VALUE: " + row->takes;
  }
  return row->accept(given) ? "" : arg + ": expected " + row->expected();
}

std::vector<std::string>
configuration::read(const std::vector<ini_entry>& entries) {
  std::vector<std::string> problems;
  std::set<std::string_view> seen;
  for (const auto& x : entries) {
    auto at = "line " + std::to_string(x.line) + ": ";
    auto row = find(x.key);
    if (row == nullptr)
      problems.push_back(at + "unknown key " + x.key);
    else if (!seen.insert(x.key).second)
      problems.push_back(at + x.key + " is given twice");
    else if (!row->accept(x.value))
      problems.push_back(at + x.key + " = " + to_string(x.value) + ": expected "
                         + row->expected());
  }
  return problems;
}

bool* configuration::find_command(std::string_view name) {
  const std::array<std::pair<std::string_view, bool*>, 4> commands{
    {{"help", &help},
     {"version", &version},
     {"dump-config", &dump},
     {"check-config", &check}}};
  for (auto& [known, value] : commands)
    if (known == name)
      return value;
  return nullptr;
}

const option* configuration::find(std::string_view key) const {
  auto at = std::find_if(rows_.begin(), rows_.end(),
                         [=](const option& x) { return x.key == key; });
  return at == rows_.end() ? nullptr : &*at;
}

} // namespace parlor
