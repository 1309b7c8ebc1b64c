# SPDX-License-Identifier: Apache-2.0
# Flags that hold for everything. Bit-identical builds in any folder hang on
# the prefix map and on nothing here naming a time, a path or a host.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_SKIP_BUILD_RPATH ON)

find_program(VITRINE_CCACHE ccache)
if(VITRINE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${VITRINE_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${VITRINE_CCACHE}")
endif()

option(VITRINE_FUZZ "Build the fuzz harnesses with libFuzzer (clang)" OFF)
set(VITRINE_SANITIZE "" CACHE STRING "address,undefined or thread")

add_compile_options(
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
  -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 takes the empty state of std::optional and the undefined lanes in its
  # own AVX-512 headers for bugs of ours (GCC bugs 80635, 105593 and, of strings, 105651). Clang and
  # the sanitizers look for the real ones.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wthread-safety -Wno-gnu-statement-expression)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-fstack-protector-strong -fstack-clash-protection
    -fcf-protection)
  add_compile_definitions(_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  add_link_options(-Wl,-z,relro,-z,now -Wl,--build-id=sha1 -pie)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
endif()

if(VITRINE_SANITIZE)
  add_compile_options(-fsanitize=${VITRINE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${VITRINE_SANITIZE})
  if(VITRINE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()
if(VITRINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
