// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_name.h"

#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <utility>

namespace puhui::services {
namespace {

constexpr absl::string_view kPictures = "/pictures/";

}  // namespace

// In lower case only, so that a picture has one name.
absl::StatusOr<PictureName> ParsePictureName(absl::string_view name, absl::string_view field) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits(kPictures, 1));
  const absl::StatusOr<MerchantId> merchant = ParseMerchantName(parts.first, field);
  const absl::StatusOr<std::string> hash = ledger::FromHex(parts.second);
  if (!merchant.ok() || !hash.ok() || hash->size() != ledger::Hash{}.size() ||
      ledger::ToHex(*hash) != parts.second) {
    return InvalidField(field, "want merchants/{merchant}/pictures/{sha256}");
  }
  return PictureName{.merchant = *merchant, .hash = ledger::HashFromBytes(*hash)};
}

std::string FormatPictureName(const PictureName& name) {
  return absl::StrCat(FormatMerchantName(name.merchant), kPictures, ledger::ToHex(name.hash));
}

}  // namespace puhui::services
