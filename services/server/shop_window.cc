// SPDX-License-Identifier: Apache-2.0
#include "services/server/shop_window.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/config/v1/search_synonyms.pb.h"
#include "services/yaml/yaml_message.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::uint32_t kPicturesPerMerchantDefault = 2'000;

void Say(absl::string_view what) { spdlog::warn("{}", std::string(what)); }

}  // namespace

absl::Status SettleShopWindow(config::v1::ServerConfig* config) {
  if (config->pictures_per_merchant() == 0) {
    config->set_pictures_per_merchant(kPicturesPerMerchantDefault);
  }
  if (config->pictures_per_merchant() > kPicturesPerMerchantMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("pictures_per_merchant: want at most ", kPicturesPerMerchantMax));
  }
  if (config->search_dir().empty()) {
    config->set_search_dir(absl::StrCat(config->data_dir(), "/search"));
  }
  if (config->pictures_dir().empty()) {
    config->set_pictures_dir(absl::StrCat(config->data_dir(), "/pictures"));
  }
  return absl::OkStatus();
}

absl::StatusOr<merchant::Synonyms> ReadSynonyms(const std::string& path) {
  config::v1::SearchSynonyms list;
  PUHUI_RETURN_IF_ERROR(ReadYamlFile(path, &list).status());
  std::vector<std::vector<std::string>> groups;
  for (const config::v1::SynonymGroup& group : list.groups()) {
    groups.emplace_back(group.words().begin(), group.words().end());
  }
  absl::StatusOr<merchant::Synonyms> synonyms = merchant::Synonyms::Make(groups);
  if (synonyms.ok()) return synonyms;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", synonyms.status().message()));
}

absl::StatusOr<std::unique_ptr<ShopWindow>> ShopWindow::Open(const config::v1::ServerConfig& config,
                                                             const Parts& parts) {
  merchant::Synonyms synonyms;
  if (!config.search_synonyms().empty()) {
    PUHUI_ASSIGN_OR_RETURN(synonyms, ReadSynonyms(config.search_synonyms()));
  }
  PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<PictureShelf> shelf,
                         PictureShelf::Open({.directory = config.pictures_dir(),
                                             .per_merchant_max = config.pictures_per_merchant()}));
  return std::unique_ptr<ShopWindow>(
      new ShopWindow(config, parts, std::move(synonyms), std::move(shelf)));
}

ShopWindow::ShopWindow(const config::v1::ServerConfig& config, const Parts& parts,
                       merchant::Synonyms synonyms, std::unique_ptr<PictureShelf> shelf)
    : index_(parts.store,
             {.directory = config.search_dir(), .synonyms = std::move(synonyms), .say = Say}),
      shelf_(std::move(shelf)),
      search_({.engine = parts.engine,
               .index = &index_,
               .vault = parts.vault,
               .tokens = parts.tokens,
               .tree = parts.tree}),
      pictures_({.engine = parts.engine, .shelf = shelf_.get()}) {
  if (parts.indexes == Indexes::kFollow) index_.Start();
}

void ShopWindow::Serve(Calls& calls) {
  search_.Serve(calls);
  pictures_.Serve(calls);
}

}  // namespace puhui::services
