// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_CATEGORIES_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_CATEGORIES_H_

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// What merchants of a deployment may sell. Threads: safe once it is read.
class MerchantCategories {
 public:
  // Any of four digits.
  MerchantCategories() = default;

  // Reads a puhui.config.v1.MerchantCategories in YAML, whole or not at all. Fails: as
  // ReadYamlFile, and kInvalidArgument, naming line and field, for a code that is not four digits
  // or comes twice, a category without its names, and a list without any.
  static absl::StatusOr<MerchantCategories> Read(const std::string& path);

  bool Allows(std::uint32_t category) const { return codes_.empty() || codes_.contains(category); }

 private:
  absl::flat_hash_set<std::uint32_t> codes_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_CATEGORIES_H_
