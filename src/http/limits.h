// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::http {

// All that we say of ourselves to anybody: no version, no system.
inline constexpr const char* kUserAgent = "vitrine";

// Bytes of a URL of ours; kInvalid above it. Most servers stop at 8 KiB.
inline constexpr size_t kUrlMax = 4096;

// Bytes of a response's status line and fields together. Beyond it the answer
// is a protocol error: nothing of ours needs a tenth of this.
inline constexpr uint32_t kResponseHeaderMax = 16 * 1024;

// Bytes kept of the body of a refusal, for those who can read it; a longer one
// is not read, and the connection given up.
inline constexpr uint64_t kErrorBodyMax = 4096;

// Bytes of a field that are shown to people.
inline constexpr size_t kShownFieldMax = 100;

// Responses of status 1xx before the one that counts.
inline constexpr unsigned kInterimMax = 4;

// Bytes taken from the network in one go.
inline constexpr size_t kReceiveStep = 64 * 1024;

// Redirects followed for one request, all of them to the same scheme, host and
// port. One more is an answer of its own.
inline constexpr unsigned kRedirectsMax = 3;

// A connection that was kept is not used again after this: servers close idle
// ones, and a request into a closed one is sent twice.
inline constexpr auto kKeptConnectionMax = std::chrono::seconds(20);

// Bytes of a request's body; kInvalid above it.
inline constexpr size_t kRequestBodyMax = size_t{1} << 20;

// --- The server.

// Bytes of a request's line and fields; 431 above it.
inline constexpr uint32_t kRequestHeaderMax = 8 * 1024;

// Read from a file and sent in one go.
inline constexpr size_t kFileStep = 64 * 1024;

// Requests served on one connection, after which it is closed, so that no
// client keeps its place for ever.
inline constexpr unsigned kRequestsAConnection = 10000;

// Read and thrown away, and for how long, after a connection's last answer.
inline constexpr size_t kDrainMax = size_t{1} << 20;
inline constexpr size_t kDrainStep = 8 * 1024;
inline constexpr auto kDrainTime = std::chrono::seconds(2);

// Waiting for the kernel to take connections that nobody accepts yet.
inline constexpr int kListenBacklog = 128;

// After accept(2) failed (no descriptors left): until it is tried again.
inline constexpr auto kAcceptPause = std::chrono::milliseconds(100);

}  // namespace vitrine::http
