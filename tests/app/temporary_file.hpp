// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace parlor::test {

/// A file that only its owner can read and that goes with this object.
class temporary_file {
public:
  explicit temporary_file(const std::string& content) {
    path_ = std::filesystem::temp_directory_path() / "parlor-XXXXXX";
    auto text = path_.string();
    if (mkdtemp(text.data()) == nullptr)
      throw std::runtime_error{"no temporary directory"};
    directory_ = text;
    path_ = directory_ / "file.ini";
    std::ofstream{path_, std::ios::binary} << content;
    std::filesystem::permissions(path_, std::filesystem::perms{0600});
  }

  ~temporary_file() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  std::string path() const { return path_.string(); }

  std::string directory() const { return directory_.string(); }

private:
  std::filesystem::path directory_;
  std::filesystem::path path_;
};

} // namespace parlor::test
