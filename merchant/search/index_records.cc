// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/index_records.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using google::protobuf::internal::WireFormatLite;

bool IsOfConcern(int field) {
  switch (field) {
    case jv1::Record::kOfferCreatedFieldNumber:
    case jv1::Record::kOfferChangedFieldNumber:
    case jv1::Record::kOfferMovedFieldNumber:
    case jv1::Record::kMerchantRegisteredFieldNumber:
    case jv1::Record::kMerchantStateChangedFieldNumber:
    case jv1::Record::kMerchantDecidedFieldNumber:
    case jv1::Record::kStoreLocatedFieldNumber:
      return true;
    default:
      return false;
  }
}

// By the numbers of its fields alone: most records need not be parsed.
bool MayConcern(absl::string_view record) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(record.data()),
                                            static_cast<int>(record.size()));
  for (std::uint32_t tag = in.ReadTag(); tag != 0; tag = in.ReadTag()) {
    if (IsOfConcern(WireFormatLite::GetTagFieldNumber(tag))) return true;
    if (!WireFormatLite::SkipField(&in, tag)) return true;  // Parsing it says what is wrong.
  }
  return false;
}

void Note(const jv1::Record& record, ChangedOffers* changed) {
  if (record.has_offer_created()) {
    changed->offers.insert(OfferNumber{record.offer_created().offer()});
  } else if (record.has_offer_changed()) {
    changed->offers.insert(OfferNumber{record.offer_changed().offer()});
  } else if (record.has_offer_moved()) {
    changed->offers.insert(OfferNumber{record.offer_moved().offer()});
  } else {
    changed->merchants = true;
  }
}

}  // namespace

absl::StatusOr<ChangedOffers> ReadChangedOffers(const ledger::Readable& store, Sequence from,
                                                Sequence to, std::size_t offers_max) {
  ChangedOffers changed{.last = from - 1};
  if (from > to) return changed;
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
      store, from, to - from + 1,
      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        changed.last = sequence;
        if (!MayConcern(bytes)) return true;
        jv1::Record record;
        if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
          return absl::DataLossError(absl::StrCat("record ", sequence, " cannot be parsed"));
        }
        Note(record, &changed);
        return changed.offers.size() < offers_max;
      }));
  return changed;
}

}  // namespace puhui::merchant
