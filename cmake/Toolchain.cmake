# SPDX-License-Identifier: Apache-2.0
# Language level, sanitizers, and the optional tools that make a build from scratch quick.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Objects do not say in which folder they were made, so that ccache finds those of another checkout: half of what GCC made and a
# quarter of what clang did, where it was tried. gdb finds the sources from the top of a checkout.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
find_program(PUHUI_CCACHE ccache)
if(PUHUI_CCACHE)
  # The times: protoc writes headers right before they are read.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${PUHUI_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endif()

# mold links in a tenth of the time; the sanitizers are left to the linker they are tested with.
find_program(PUHUI_MOLD mold)
if(PUHUI_MOLD AND NOT PUHUI_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

if(PUHUI_SANITIZE)
  add_compile_options(-fsanitize=${PUHUI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PUHUI_SANITIZE})
endif()

# For programs in which one thread frees what another made: a fifth less time for each purchase. The sanitizers bring
# their own.
add_library(puhui_allocator INTERFACE)
find_library(PUHUI_TCMALLOC NAMES tcmalloc_minimal libtcmalloc_minimal.so.4)
if(PUHUI_TCMALLOC AND NOT PUHUI_SANITIZE)
  target_link_libraries(puhui_allocator INTERFACE ${PUHUI_TCMALLOC})
endif()

add_library(puhui_warnings INTERFACE)
target_compile_options(puhui_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum
  -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast)
# GCC, optimising what the sanitizers have put checks into, warns of writes beyond bounds that cannot be; the builds without them
# judge its warnings, and clang's asan build judges its own.
if(NOT PUHUI_SANITIZE OR CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(puhui_warnings INTERFACE -Werror)
endif()
# GCC 12, optimising, sees writes beyond short strings that are built on the stack where there are none
# (gcc.gnu.org PR 105329, 105651). For the targets that meet it; the sanitizer builds look for the real ones.
set(PUHUI_FALSE_BOUNDS_WARNINGS "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  set(PUHUI_FALSE_BOUNDS_WARNINGS -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
      -Wno-stringop-overread)
endif()
# It also forgets that a precompiled header is the system's, and then warns of what it inlines from there. The release build, whose
# warnings we want, goes without the one of records.
set(PUHUI_RECORDS_PCH ON)
if(CMAKE_BUILD_TYPE MATCHES "^Rel")
  set(PUHUI_RECORDS_PCH OFF)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(puhui_warnings INTERFACE -Wthread-safety)
endif()

# Hardening of what is shipped. _FORTIFY_SOURCE needs optimisation, so the debug builds go without it.
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT PUHUI_SANITIZE)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()
