// SPDX-License-Identifier: Apache-2.0
// Any bytes: a bundle fits or is refused, and nothing is read beyond its end; the rows and proofs
// in it are parsed or refused, and what parses is what is written. The key is that of the bundles
// that are kept (tests/unit/audit/bundle/bundle_corpus_test.cc), so that what is changed behind
// their signatures is looked at.
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/part_scope.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/base/check.h"
#include "ledger/crypto/signing.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using puhui::audit::BundleHeader;
using puhui::audit::ConsistencyFrame;
using puhui::audit::EarlierRecord;

void Verify(absl::string_view bytes) {
  static const auto key = puhui::ledger::SigningKey::FromSeed(std::string(32, 'k')).verify_key();
  const auto source = [&bytes](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    const std::size_t got = std::min(size, bytes.size());
    std::copy_n(bytes.data(), got, into);
    bytes.remove_prefix(got);
    return got;
  };
  const auto report = puhui::audit::VerifyBundle(source, {key});
  PUHUI_CHECK(report.ok() || absl::IsDataLoss(report.status()));
}

void DecodePieces(absl::string_view bytes) {
  const absl::StatusOr<BundleHeader> header = puhui::audit::DecodeHeader(bytes);
  if (header.ok()) PUHUI_CHECK(puhui::audit::EncodeHeader(*header) == bytes);
  const absl::StatusOr<ConsistencyFrame> proof = puhui::audit::DecodeConsistency(bytes);
  if (proof.ok()) PUHUI_CHECK(puhui::audit::EncodeConsistency(*proof) == bytes);
  const absl::StatusOr<EarlierRecord> earlier = puhui::audit::DecodeEarlierRecord(bytes);
  if (earlier.ok()) PUHUI_CHECK(puhui::audit::EncodeEarlierRecord(*earlier) == bytes);
  const auto balance = puhui::audit::DecodeBalanceRow(bytes);
  std::string row;
  if (balance.ok()) {
    puhui::audit::AppendBalanceRow(*balance, row);
    PUHUI_CHECK(row == bytes);
  }
  const auto scope = puhui::audit::DecodeScope(bytes);
  if (scope.ok()) PUHUI_CHECK(puhui::audit::EncodeScope(*scope) == bytes);
  const auto owner = puhui::audit::DecodeOwnerRow(bytes);
  if (owner.ok()) {
    row.clear();
    puhui::audit::AppendOwnerRow(*owner, row);
    PUHUI_CHECK(row == bytes);
  }
  const auto lot = puhui::audit::DecodeLotRow(bytes);
  if (!lot.ok()) return;
  row.clear();
  puhui::audit::AppendLotRow(*lot, row);
  PUHUI_CHECK(row == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  Verify(bytes);
  DecodePieces(bytes);
  return 0;
}
