# SPDX-License-Identifier: Apache-2.0
# The two ways a target is declared. Sources are listed, dependencies are named, nothing is global.

# Sources that stand on the same headers are compiled several at a time, where PUHUI_UNITY allows it: most of what a
# file takes is its headers.
function(puhui_unity target)
  if(PUHUI_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${PUHUI_UNITY})
  endif()
endfunction()

# puhui_library(NAME SRCS a.cc … DEPS puhui::x …): one library per room, alias puhui::NAME. PCH shares the gRPC headers, RECORDS those
# of the journal's records, where PUHUI_RECORDS_PCH allows it.
function(puhui_library name)
  cmake_parse_arguments(ARG "PCH;RECORDS" "" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SRCS)
    add_library(puhui_${name} STATIC ${ARG_SRCS})
    target_include_directories(puhui_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(puhui_${name} PUBLIC ${ARG_DEPS} PRIVATE puhui_warnings ${ARG_PRIVATE_DEPS})
    puhui_unity(puhui_${name})
    if(ARG_PCH)
      target_precompile_headers(puhui_${name} REUSE_FROM puhui_proto_api_pch)
    elseif(ARG_RECORDS AND PUHUI_RECORDS_PCH)
      target_precompile_headers(puhui_${name} REUSE_FROM puhui_journal_pch)
      if(PUHUI_SANITIZE)
        target_compile_options(puhui_${name} PRIVATE ${PUHUI_FALSE_BOUNDS_WARNINGS})
      endif()
    endif()
  else()
    add_library(puhui_${name} INTERFACE)
    target_include_directories(puhui_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(puhui_${name} INTERFACE ${ARG_DEPS})
  endif()
  add_library(puhui::${name} ALIAS puhui_${name})
endfunction()

# puhui_executable(NAME SRCS … DEPS …): a program that is shipped or a load client.
function(puhui_executable name)
  cmake_parse_arguments(ARG "PCH" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE puhui_warnings ${ARG_DEPS})
  if(ARG_PCH)
    target_precompile_headers(${name} REUSE_FROM puhui_proto_api_pch)
  endif()
endfunction()

# puhui_test_headers(NAME DEPS … HEADERS …): headers that tests share, precompiled once. An executable, because a test is one and GCC
# takes a precompiled header only where the flags are the same.
function(puhui_test_headers name)
  cmake_parse_arguments(ARG "" "" "DEPS;HEADERS" ${ARGN})
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc "int main() {}\n")
  add_executable(${name} ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE puhui_warnings ${ARG_DEPS})
  puhui_test_options(${name})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

# What every test is compiled with. The sanitizers look at the rooms; optimising the tests too would double what they take to compile.
function(puhui_test_options name)
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -pthread)
  if(PUHUI_SANITIZE)
    target_compile_options(${name} PRIVATE -O0 -g1)
    target_compile_definitions(${name} PRIVATE PUHUI_SANITIZED)
  endif()
endfunction()

# puhui_test(NAME SRCS … DEPS … [PCH] [LABELS …] [TIMEOUT s]): one GoogleTest program, one ctest per program; the quick tests of a
# room are one program. PCH: its sources see gRPC.
function(puhui_test name)
  cmake_parse_arguments(ARG "PCH" "TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  if(NOT PUHUI_BUILD_TESTS)
    return()
  endif()
  add_executable(${name} ${ARG_SRCS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE puhui_warnings ${ARG_DEPS})
  puhui_unity(${name})
  puhui_test_options(${name})
  if(ARG_PCH)
    target_precompile_headers(${name} REUSE_FROM puhui_wire_test_pch)
  else()
    target_precompile_headers(${name} REUSE_FROM puhui_test_pch)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  # The long ones first, so that none runs alone at the end.
  if("slow" IN_LIST ARG_LABELS)
    set_tests_properties(${name} PROPERTIES COST 100)
  endif()
endfunction()
