# SPDX-License-Identifier: MIT
# What every target of Parlor is compiled with; the presets choose the rest.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# What a file reads is told by the compiler, so that ccache need not preprocess
# it first: a tenth of the time of what is not in the cache.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1 "${CCACHE}")
endif()

include_directories("${PROJECT_SOURCE_DIR}")

# A message type without an id fails to compile, not on its first remote hop.
add_compile_definitions(CAF_ENABLE_TYPE_ID_CHECKS)

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

# g++ looks for garbage as if memory were scarce: another tenth.
cmake_host_system_information(RESULT memory QUERY TOTAL_PHYSICAL_MEMORY)
if(memory GREATER 7000)
  add_compile_options(
    $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=1500000>)
endif()

# g++ 12 warns of things in libstdc++ and Boost that are not there once
# -fsanitize or -O3 inlines them (GCC bugs 105562, 107138).
add_compile_options(
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# Where several files are compiled as one, g++ takes all of them for headers.
if(CMAKE_UNITY_BUILD)
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

set(PARLOR_SANITIZERS "" CACHE STRING
  "Sanitizers to build with, such as address,undefined")
if(PARLOR_SANITIZERS)
  add_compile_options(-fsanitize=${PARLOR_SANITIZERS}
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PARLOR_SANITIZERS})
  # Asio has fences, which ThreadSanitizer does not know: it reports more for
  # that, not less.
  if(PARLOR_SANITIZERS MATCHES "thread")
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
