// SPDX-License-Identifier: MIT
#include "app/options_file.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <variant>

namespace parlor {

namespace {

constexpr size_t max_file = 1 << 20;

std::optional<std::string> content_of(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    return std::nullopt;
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return std::nullopt;
  std::string result(max_file, '\0');
  in.read(result.data(), static_cast<std::streamsize>(result.size()));
  result.resize(static_cast<size_t>(in.gcount()));
  return result;
}

} // namespace

std::vector<std::string> read_file(configuration& target,
                                   const std::string& path) {
  auto text = content_of(path);
  if (!text)
    return {path + ": cannot be read"};
  if (text->size() == max_file)
    return {path + ": is no configuration file: too long"};
  auto content = parse_ini(*text);
  if (auto bad = std::get_if<ini_error>(&content))
    return {path + ": " + bad->what};
  auto problems = target.read(std::get<std::vector<ini_entry>>(content));
  for (auto& x : problems)
    x = path + ": " + x;
  return problems;
}

} // namespace parlor
