// SPDX-License-Identifier: MIT
#include "app/server.hpp"
#include "app/settings.hpp"
#include "app/standard_files.hpp"
#include "telemetry/log.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <variant>

namespace {

/// Threads or descriptors that the system does not give, before the service
/// serves: one line in place of an abort. Whatever was begun ends with the
/// process.
[[noreturn]] void give_up() {
  auto reason = "threads or descriptors ran out";
  try {
    if (auto thrown = std::current_exception())
      std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "parlor: cannot start: %s\n", e.what());
    std::_Exit(EXIT_FAILURE);
  } catch (...) {
    reason = "an unknown exception";
  }
  std::fprintf(stderr, "parlor: cannot start: %s\n", reason);
  std::_Exit(EXIT_FAILURE);
}

} // namespace

int main(int argc, char** argv) {
  auto crash = std::set_terminate(give_up);
  parlor::open_standard_files();
  auto parsed = parlor::parse(argc, argv);
  if (auto* exit = std::get_if<parlor::early_exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  auto& settings = std::get<parlor::settings>(parsed);
  parlor::log::start(settings.log);
  auto code = parlor::serve(
    settings, [=] { return parlor::parse(argc, argv); },
    // From here on whoever looks for the cause wants the core.
    [=] { std::set_terminate(crash); });
  if (!parlor::log::stop())
    std::_Exit(code);
  return code;
}
