// SPDX-License-Identifier: MIT
#include "mutation/runtime.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace {

int active() {
  auto text = std::getenv("PARLOR_MUTANT");
  return text ? std::atoi(text) : -1;
}

unsigned char* open_reached() {
  auto name = std::getenv("PARLOR_MUTANTS_REACHED");
  auto file = name ? ::open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
  if (file < 0)
    return nullptr;
  void* bytes = MAP_FAILED;
  if (::ftruncate(file, parlor_most_mutants) == 0)
    bytes = ::mmap(nullptr, parlor_most_mutants, PROT_READ | PROT_WRITE,
                   MAP_SHARED, file, 0);
  ::close(file);
  return bytes == MAP_FAILED ? nullptr : static_cast<unsigned char*>(bytes);
}

} // namespace

unsigned char* parlor_mutants_reached() {
  static auto bytes = open_reached();
  return bytes;
}

bool parlor_mutant(int number) {
  static const auto chosen = active();
  if (auto bytes = parlor_mutants_reached())
    __atomic_store_n(bytes + number, 1, __ATOMIC_RELAXED);
  return number == chosen;
}
