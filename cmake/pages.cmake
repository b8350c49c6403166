# SPDX-License-Identifier: MIT
# parlor_embed(VARIABLE MANIFEST lines FILES file... NAMESPACE n FUNCTION f
#   HEADER h): sets the variable to a source file, which the build makes by
# embed.cmake of what the manifest lists.
function(parlor_embed variable)
  cmake_parse_arguments(arg "" "MANIFEST;NAMESPACE;FUNCTION;HEADER" "FILES"
    ${ARGN})
  set(manifest "${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.txt")
  file(CONFIGURE OUTPUT "${manifest}" CONTENT "${arg_MANIFEST}" @ONLY)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}_data.cpp")
  set(embed "${PROJECT_SOURCE_DIR}/cmake/embed.cmake")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" -D "MANIFEST=${manifest}"
      -D "OUTPUT=${output}" -D "NAMESPACE=${arg_NAMESPACE}"
      -D "FUNCTION=${arg_FUNCTION}" -D "HEADER=${arg_HEADER}" -P "${embed}"
    DEPENDS ${arg_FILES} "${manifest}" "${embed}"
    COMMENT "Embedding ${arg_FUNCTION}" VERBATIM)
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()
