// SPDX-License-Identifier: Apache-2.0
// Any bytes: a segment is parsed or refused, and what parses is exactly what the builder writes.
#include "ledger/base/check.h"
#include "ledger/crypto/crc32c.h"
#include "ledger/journal/segment.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using puhui::ledger::SegmentBuilder;
using puhui::ledger::SegmentHeader;
using puhui::ledger::SegmentView;

void ParseAndRebuild(absl::string_view bytes) {
  const absl::StatusOr<SegmentView> view = SegmentView::Parse(bytes);
  if (!view.ok()) return;
  const SegmentHeader& header = view->header();
  SegmentBuilder builder(header.partition, header.epoch, header.first);
  for (const absl::string_view record : *view) builder.Add(record);
  PUHUI_CHECK(builder.Seal(header.root_before).bytes == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  ParseAndRebuild(bytes);
  // Once more with the magic, the size and the checksum put right, or the fuzzer would never get
  // past them.
  if (size < puhui::ledger::kSegmentHeaderBytes) return 0;
  const absl::string_view view = bytes;
  bytes.replace(0, 4, "PHJ\x01");
  absl::little_endian::Store32(
      bytes.data() + 60, static_cast<std::uint32_t>(size - puhui::ledger::kSegmentHeaderBytes));
  absl::little_endian::Store32(
      bytes.data() + 64,
      puhui::ledger::ExtendCrc32c(puhui::ledger::Crc32c(view.substr(0, 64)),
                                  view.substr(puhui::ledger::kSegmentHeaderBytes)));
  ParseAndRebuild(bytes);
  return 0;
}
