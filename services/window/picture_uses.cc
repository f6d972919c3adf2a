// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_uses.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/offer_rows.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

#include <algorithm>
#include <vector>

namespace puhui::services {
namespace {

const journal::v1::OfferContent& ContentOf(const journal::v1::Record& record) {
  if (record.has_offer_created()) return record.offer_created().content();
  if (record.has_offer_moved()) return record.offer_moved().content();
  return record.offer_changed().content();
}

}  // namespace

absl::StatusOr<PictureHashes> PicturesOfOffers(const ledger::Readable& store,
                                               MerchantNumber merchant) {
  std::vector<Sequence> sequences;
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      store, merchant::kOfferVersionTable,
      {.prefix = ledger::EncodeKeyPrefix(ledger::Table::kOfferVersions, merchant),
       .fill_cache = false},
      [&](const merchant::OfferVersionKey& /*key*/, Sequence sequence) -> absl::StatusOr<bool> {
        sequences.push_back(sequence);
        return sequences.size() <= kVersionsReadMax;
      }));
  if (sequences.size() > kVersionsReadMax) {
    return ledger::ToStatus({.reason = ledger::Reason::kPicturesLimit,
                             .message = "there are too many versions of offers to look through"});
  }
  std::sort(sequences.begin(), sequences.end());
  PictureHashes named;
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecordsAt(
      store, sequences,
      [&](Sequence /*sequence*/, absl::string_view bytes) -> absl::StatusOr<bool> {
        journal::v1::Record record;
        if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
          return absl::DataLossError("a version of an offer cannot be parsed");
        }
        for (const auto& picture : ContentOf(record).pictures()) {
          if (picture.hash().size() == ledger::Hash{}.size()) {
            named.insert(ledger::HashFromBytes(picture.hash()));
          }
        }
        return true;
      }));
  return named;
}

}  // namespace puhui::services
