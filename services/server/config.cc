// SPDX-License-Identifier: Apache-2.0
#include "services/server/config.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"
#include "ledger/core/period.h"
#include "merchant/core/payment_code.h"
#include "services/admin/open_store.h"
#include "services/server/payout_settings.h"
#include "services/server/shop_window.h"
#include "services/server/witness_settings.h"
#include "services/yaml/yaml_message.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <filesystem>

namespace puhui::services {
namespace {

absl::Status Bad(absl::string_view key, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(key, ": want ", wanted));
}

void SetDefaults(config::v1::ServerConfig* config) {
  if (config->listen().empty()) config->set_listen("127.0.0.1:8443");
  if (config->origin().empty()) config->set_origin(absl::StrCat(config->trust_domain(), "/ledger"));
  if (config->terminal_certificate_days() == 0) config->set_terminal_certificate_days(825);
  if (config->enrolment_code_hours() == 0) config->set_enrolment_code_hours(24);
  if (config->wallet_cache_mib() == 0) config->set_wallet_cache_mib(96);
  if (config->block_cache_mib() == 0) config->set_block_cache_mib(128);
  if (config->disk_reserve_mib() == 0) config->set_disk_reserve_mib(256);
  if (config->payment_code_prefix().empty()) config->set_payment_code_prefix("77");
  if (config->verify_records_per_second() == 0) config->set_verify_records_per_second(50'000);
  if (config->scrub_records_per_hour() == 0) config->set_scrub_records_per_hour(1'000'000);
  if (config->merchant_time_zone().empty()) config->set_merchant_time_zone("Asia/Shanghai");
  if (config->period_time_zone().empty()) {
    config->set_period_time_zone(std::string(ledger::kDefaultPeriodZone));
  }
}

absl::Status MakeAbsolute(const std::filesystem::path& base, absl::string_view key,
                          std::string* path) {
  if (path->empty()) return Bad(key, "a path");
  *path = (base / *path).lexically_normal().string();
  return absl::OkStatus();
}

// At most kReasonCharactersMax characters without controls.
bool IsRemark(absl::string_view text) {
  std::size_t characters = 0;
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    const bool plain = bytes > 1 || !absl::ascii_iscntrl(static_cast<unsigned char>(text.front()));
    if (bytes == 0 || !plain || ++characters > kReasonCharactersMax) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace

absl::StatusOr<config::v1::ServerConfig> ReadConfig(const std::string& path) {
  config::v1::ServerConfig config;
  PUHUI_RETURN_IF_ERROR(ReadYamlFile(path, &config).status());
  if (config.trust_domain().empty()) return Bad("trust_domain", "a name");
  SetDefaults(&config);
  if (!merchant::IsCodePrefix(config.payment_code_prefix())) {
    return Bad("payment_code_prefix", "two digits, but for 10 to 15, 25 to 30 and 62");
  }
  if (config.enrolment_code_hours() > kEnrolmentCodeHoursMax) {
    return Bad("enrolment_code_hours", absl::StrCat("at most ", kEnrolmentCodeHoursMax));
  }
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(config.merchant_time_zone(), &zone)) {
    return Bad("merchant_time_zone", "a zone of the IANA database");
  }
  if (!ledger::PeriodCalendar::Of(config.period_time_zone()).ok()) {
    return Bad("period_time_zone", "a zone of the IANA database");
  }
  PUHUI_RETURN_IF_ERROR(SettlePayouts(&config));
  PUHUI_RETURN_IF_ERROR(SettleWitnesses(&config));
  if (!IsRemark(config.invoice_remark())) {
    return Bad("invoice_remark", "at most 200 characters on one line");
  }
  const std::filesystem::path base = std::filesystem::absolute(path).parent_path();
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "data_dir", config.mutable_data_dir()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "keys_dir", config.mutable_keys_dir()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "tls.cert", config.mutable_tls()->mutable_cert()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "tls.key", config.mutable_tls()->mutable_key()));
  PUHUI_RETURN_IF_ERROR(
      MakeAbsolute(base, "tls.client_ca", config.mutable_tls()->mutable_client_ca()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "ca.cert", config.mutable_ca()->mutable_cert()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "ca.key", config.mutable_ca()->mutable_key()));
  if (!config.merchant_categories().empty()) {
    PUHUI_RETURN_IF_ERROR(
        MakeAbsolute(base, "merchant_categories", config.mutable_merchant_categories()));
  }
  if (config.archive_dir().empty()) config.set_archive_dir(ArchivePath(config.data_dir()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "archive_dir", config.mutable_archive_dir()));
  PUHUI_RETURN_IF_ERROR(SettleShopWindow(&config));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "search_dir", config.mutable_search_dir()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "pictures_dir", config.mutable_pictures_dir()));
  if (!config.publish_dir().empty()) {
    PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "publish_dir", config.mutable_publish_dir()));
  }
  if (!config.search_synonyms().empty()) {
    PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "search_synonyms", config.mutable_search_synonyms()));
  }
  return config;
}

}  // namespace puhui::services
