// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_FRAME_STREAM_H_
#define PUHUI_AUDIT_BUNDLE_FRAME_STREAM_H_

#include "audit/bundle/bundle_format.h"
#include "ledger/crypto/hash.h"

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Makes the bytes of a bundle, frame after frame.
// Threads: none.
class FrameWriter {
 public:
  FrameWriter();

  // Requires: the payload has at most kFrameBytesMax bytes (checked).
  void Add(FrameKind kind, absl::string_view payload);
  // The last frame. Nothing is added after it.
  void End();
  // The bytes since the last call.
  std::string Take();

 private:
  void Append(absl::string_view bytes);
  ledger::Sha256 sha256_;
  std::string bytes_;
};

// Frames of rows that are to be written some at a time, however many accounts there are.
// Threads: none.
class FrameQueue {
 public:
  void Add(FrameKind kind, std::vector<std::string> payloads);
  bool empty() const { return waiting_.empty(); }
  // The next frames, until they have `bytes`.
  void Write(std::size_t bytes, FrameWriter& writer);

 private:
  std::deque<std::pair<FrameKind, std::string>> waiting_;
};

// Reads up to `size` bytes; fewer only at the end. Fails: as whoever reads.
using ByteSource = absl::FunctionRef<absl::StatusOr<std::size_t>(char* into, std::size_t size)>;

struct Frame {
  FrameKind kind{};
  absl::string_view payload;
};

// Takes a bundle apart, with the memory of one frame.
// Threads: none. Borrows: the source.
class FrameReader {
 public:
  explicit FrameReader(ByteSource source) : source_(source) {}

  // The next frame, good until the next call. The end frame is checked and not returned;
  // absl::nullopt: it was the last.
  // Fails: kDataLoss, unless the bytes are frames and end with a good end frame; as the source.
  absl::StatusOr<absl::optional<Frame>> Next();
  std::uint64_t frames() const { return frames_; }  // That were begun.
  std::uint64_t bytes() const { return bytes_; }

 private:
  // Exactly `size` bytes into buffer_.
  absl::Status Read(std::size_t size);
  absl::Status CheckEnd(std::size_t size);

  ByteSource source_;
  ledger::Sha256 sha256_;  // Of all frames until now.
  std::string buffer_;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_FRAME_STREAM_H_
