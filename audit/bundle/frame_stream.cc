// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/frame_stream.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <array>
#include <utility>

namespace puhui::audit {

FrameWriter::FrameWriter() { Append(kBundleMagic); }

void FrameWriter::Append(absl::string_view bytes) {
  sha256_.Update(bytes);
  bytes_.append(bytes.data(), bytes.size());
}

void FrameWriter::Add(FrameKind kind, absl::string_view payload) {
  PUHUI_CHECK(payload.size() <= kFrameBytesMax);
  std::array<char, kFrameHeaderBytes> header{};
  header[0] = static_cast<char>(kind);
  absl::little_endian::Store32(header.data() + 1, static_cast<std::uint32_t>(payload.size()));
  Append({header.data(), header.size()});
  Append(payload);
}

void FrameWriter::End() {
  const ledger::Hash hash = sha256_.Finish();
  Add(FrameKind::kEnd, ledger::AsBytes(hash));
}

std::string FrameWriter::Take() { return std::exchange(bytes_, {}); }

void FrameQueue::Add(FrameKind kind, std::vector<std::string> payloads) {
  for (std::string& payload : payloads) waiting_.emplace_back(kind, std::move(payload));
}

void FrameQueue::Write(std::size_t bytes, FrameWriter& writer) {
  for (std::size_t written = 0; written < bytes && !waiting_.empty(); waiting_.pop_front()) {
    const auto& [kind, payload] = waiting_.front();
    writer.Add(kind, payload);
    written += payload.size();
  }
}

absl::Status FrameReader::Read(std::size_t size) {
  buffer_.resize(size);
  PUHUI_ASSIGN_OR_RETURN(const std::size_t got, source_(buffer_.data(), size));
  bytes_ += got;
  if (got == size) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the file ends after ", bytes_, " bytes"));
}

absl::Status FrameReader::CheckEnd(std::size_t size) {
  const ledger::Hash before = sha256_.Finish();
  PUHUI_RETURN_IF_ERROR(Read(size));
  if (buffer_ != ledger::AsBytes(before)) {
    return absl::DataLossError("the hash of the file is not the one at its end");
  }
  char extra = 0;
  PUHUI_ASSIGN_OR_RETURN(const std::size_t more, source_(&extra, 1));
  return more == 0 ? absl::OkStatus() : absl::DataLossError("bytes follow the end");
}

absl::StatusOr<absl::optional<Frame>> FrameReader::Next() {
  if (frames_ == 0) {
    PUHUI_RETURN_IF_ERROR(Read(kBundleMagic.size()));
    if (buffer_ != kBundleMagic) return absl::DataLossError("unknown magic or version");
    sha256_.Update(buffer_);
  }
  ++frames_;
  PUHUI_RETURN_IF_ERROR(Read(kFrameHeaderBytes));
  const auto kind = static_cast<FrameKind>(buffer_[0]);
  const std::size_t size = absl::little_endian::Load32(buffer_.data() + 1);
  if (size > kFrameBytesMax) return absl::DataLossError("a frame is too large");
  if (kind == FrameKind::kEnd) {
    if (size != sizeof(ledger::Hash)) return absl::DataLossError("the last frame is no hash");
    PUHUI_RETURN_IF_ERROR(CheckEnd(size));
    return absl::optional<Frame>();
  }
  sha256_.Update(buffer_);
  PUHUI_RETURN_IF_ERROR(Read(size));
  sha256_.Update(buffer_);
  return absl::optional<Frame>(Frame{kind, buffer_});
}

}  // namespace puhui::audit
