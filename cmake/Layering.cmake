# SPDX-License-Identifier: Apache-2.0
# The rules of the tree as tests. Included once by tests/CMakeLists.txt.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME layering COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/layering.py ${CMAKE_SOURCE_DIR})
add_test(NAME layering_self_test COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/layering_test.py)
set_tests_properties(layering layering_self_test PROPERTIES TIMEOUT 60 LABELS "house")
