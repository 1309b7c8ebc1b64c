# SPDX-License-Identifier: Apache-2.0
# One library a folder, one test program a library, one fuzz program a harness.

find_package(GTest REQUIRED)
find_package(Threads REQUIRED)

# vitrine_library(NAME [EXCEPTIONS] [DEPS library...] [LINK library...]
#                 [TEST_DEPS library...])
#
# Makes the static library NAME from every *.cc of this folder (not of folders
# below), and NAME_test from its *_test.cc, labelled fast. A file named
# *_slow_test.cc goes into NAME_slow_test, labelled slow. A file *_fuzz.cc is a
# libFuzzer harness: a program of its own in the fuzz preset, with the seed
# corpus fuzz/corpus/<harness>/; in every other preset it becomes a test that
# runs that corpus once.
#
# DEPS are ours, LINK are third-party and private to the folder. The target is
# called vitrine_NAME.
function(vitrine_library name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "DEPS;LINK;TEST_DEPS" ${ARGN})
  set(library vitrine_${name})
  list(TRANSFORM ARG_DEPS PREPEND vitrine_)
  list(TRANSFORM ARG_TEST_DEPS PREPEND vitrine_)
  file(GLOB sources CONFIGURE_DEPENDS *.cc *.S)
  set(tests ${sources})
  set(slow_tests ${sources})
  set(fuzzers ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$")
  list(FILTER slow_tests INCLUDE REGEX "_slow_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER tests EXCLUDE REGEX "_slow_test\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")

  if(sources)
    add_library(${library} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${library} PRIVATE ${ARG_LINK})
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${library} ${scope} "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(${library} ${scope} ${ARG_DEPS})
  if(sources AND NOT ARG_EXCEPTIONS)
    target_compile_options(${library} PRIVATE -fno-exceptions)
  endif()

  vitrine_test(${name}_test fast "${tests}" ${library} ${ARG_TEST_DEPS})
  vitrine_test(${name}_slow_test slow "${slow_tests}" ${library} ${ARG_TEST_DEPS})
  foreach(fuzzer ${fuzzers})
    vitrine_fuzzer(${fuzzer} ${library} ${ARG_TEST_DEPS})
  endforeach()
endfunction()

function(vitrine_test target label sources)
  if(NOT sources OR VITRINE_FUZZ)
    return()
  endif()
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE ${ARGN} GTest::gmock
    GTest::gtest_main Threads::Threads)
  target_compile_definitions(${target} PRIVATE
    VITRINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    VITRINE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${target} COMMAND ${target})
  set_tests_properties(${target} PROPERTIES LABELS ${label})
endfunction()

function(vitrine_fuzzer source)
  get_filename_component(harness ${source} NAME_WE)
  add_executable(${harness} ${source})
  target_link_libraries(${harness} PRIVATE ${ARGN})
  if(VITRINE_FUZZ)
    target_link_options(${harness} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${harness} PRIVATE "${CMAKE_SOURCE_DIR}/fuzz/replay.cc")
    add_test(NAME ${harness}
      COMMAND ${harness} "${CMAKE_SOURCE_DIR}/fuzz/corpus/${harness}")
    set_tests_properties(${harness} PROPERTIES LABELS fast)
  endif()
endfunction()
