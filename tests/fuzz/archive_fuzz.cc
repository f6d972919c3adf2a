// SPDX-License-Identifier: Apache-2.0
// Any bytes: of an archive every part is read or refused, whatever sizes it says it has, and what
// is read is in order.
#include "ledger/base/archive_limits.h"
#include "ledger/base/check.h"
#include "ledger/base/id.h"
#include "ledger/crypto/crc32c.h"
#include "ledger/journal/archive_format.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using puhui::ledger::ArchivedSegment;
using puhui::ledger::ArchiveFrame;
using puhui::ledger::ArchiveHeader;

void ReadFrame(absl::string_view bytes) {
  const absl::StatusOr<ArchiveFrame> frame = ArchiveFrame::Decode(bytes);
  if (!frame.ok()) return;
  PUHUI_CHECK(frame->bytes() <= puhui::kArchiveFrameBytesMax);
  puhui::Sequence before = 0;
  for (const ArchivedSegment& segment : frame->segments()) {
    PUHUI_CHECK(segment.first > before);
    before = segment.first;
  }
}

// As a file is opened: both ends, then each frame where the index says.
void ReadArchive(absl::string_view bytes) {
  const absl::StatusOr<ArchiveHeader> header = puhui::ledger::DecodeArchiveHeader(bytes);
  if (!header.ok() || bytes.size() < puhui::ledger::kArchiveFooterBytes) return;
  PUHUI_CHECK(absl::string_view(puhui::ledger::EncodeArchiveHeader(*header)) ==
              bytes.substr(0, puhui::ledger::ArchiveHeaderBytes(header->first)));
  const std::size_t footer_at = bytes.size() - puhui::ledger::kArchiveFooterBytes;
  const auto footer = puhui::ledger::DecodeArchiveFooter(bytes.substr(footer_at));
  if (!footer.ok() || footer->index_offset > footer_at) return;
  const absl::string_view index =
      bytes.substr(footer->index_offset, footer_at - footer->index_offset);
  const auto places = puhui::ledger::DecodeArchiveIndex(index, *footer, *header);
  if (!places.ok()) return;
  for (const auto& place : *places) ReadFrame(bytes.substr(place.offset, place.bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  ReadArchive(bytes);
  ReadFrame(bytes);
  // Once more as a frame with its size and checksum put right, or the fuzzer would never get past
  // them.
  if (size < ArchiveFrame::kHeaderBytes) return 0;
  const absl::string_view view = bytes;
  absl::little_endian::Store32(bytes.data() + 4,
                               static_cast<std::uint32_t>(size - ArchiveFrame::kHeaderBytes));
  absl::little_endian::Store32(
      bytes.data() + 16, puhui::ledger::ExtendCrc32c(puhui::ledger::Crc32c(view.substr(0, 16)),
                                                     view.substr(ArchiveFrame::kHeaderBytes)));
  ReadFrame(bytes);
  return 0;
}
