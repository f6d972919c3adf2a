// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_categories.h"

#include "ledger/base/status_macros.h"
#include "puhui/config/v1/merchant_categories.pb.h"
#include "services/rpc/text_field.h"
#include "services/yaml/yaml_message.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

absl::StatusOr<MerchantCategories> MerchantCategories::Read(const std::string& path) {
  config::v1::MerchantCategories list;
  PUHUI_ASSIGN_OR_RETURN(const FieldLines lines, ReadYamlFile(path, &list));
  const auto bad = [&](const std::string& field, absl::string_view wanted) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": line ", lines.LineOf(field), ": ", field, ": want ", wanted));
  };
  MerchantCategories categories;
  for (int i = 0; i < list.categories_size(); ++i) {
    const config::v1::MerchantCategory& category = list.categories(i);
    const std::string at = absl::StrCat("categories[", i, "]");
    const absl::StatusOr<std::uint32_t> code = ParseCategory(category.code(), "code");
    if (!code.ok()) return bad(at + ".code", "four digits, in quotes");
    if (!categories.codes_.insert(*code).second) return bad(at + ".code", "each code once");
    if (!CheckDisplayName(category.name(), "name").ok()) return bad(at + ".name", "a name");
    if (!CheckDisplayName(category.name_zh(), "name_zh").ok())
      return bad(at + ".name_zh", "a name");
  }
  if (categories.codes_.empty()) return bad("categories", "one category at least");
  return categories;
}

}  // namespace puhui::services
