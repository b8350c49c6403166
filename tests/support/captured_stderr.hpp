// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace parlor {

/// Everything that is written to stderr while this lives, in a file without a
/// name.
class captured_stderr {
public:
  captured_stderr() : file_{std::tmpfile()}, saved_{dup(STDERR_FILENO)} {
    dup2(fileno(file_), STDERR_FILENO);
  }

  ~captured_stderr() {
    restore();
    std::fclose(file_);
  }

  captured_stderr(const captured_stderr&) = delete;
  captured_stderr& operator=(const captured_stderr&) = delete;

  /// Whether something like this is there already.
  bool has(std::string_view what) const {
    std::string text(1 << 16, '\0');
    auto n = pread(fileno(file_), text.data(), text.size(), 0);
    text.resize(static_cast<size_t>(std::max<ssize_t>(n, 0)));
    return text.find(what) != text.npos;
  }

  std::vector<std::string> lines() {
    restore();
    std::rewind(file_);
    std::string text;
    for (int x = std::fgetc(file_); x != EOF; x = std::fgetc(file_))
      text += static_cast<char>(x);
    std::vector<std::string> result;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
      result.push_back(line);
    return result;
  }

private:
  void restore() {
    if (saved_ >= 0) {
      dup2(saved_, STDERR_FILENO);
      close(saved_);
      saved_ = -1;
    }
  }

  std::FILE* file_;
  int saved_;
};

} // namespace parlor
