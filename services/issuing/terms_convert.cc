// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/terms_convert.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/rows.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using google::protobuf::RepeatedPtrField;
using Texts = RepeatedPtrField<std::string>;

// What google.protobuf.Timestamp may hold: the years 1 to 9999.
constexpr std::int64_t kSecondsMin = -62'135'596'800;
constexpr std::int64_t kSecondsMax = 253'402'300'799;
constexpr std::size_t kDayBytes = 10;

absl::StatusOr<absl::Time> ReadMoment(const google::protobuf::Timestamp& moment,
                                      absl::string_view field) {
  if (moment.seconds() < kSecondsMin || moment.seconds() > kSecondsMax || moment.nanos() < 0 ||
      moment.nanos() > 999'999'999) {
    return InvalidField(field, "want a moment of the years 1 to 9999");
  }
  return FromTimestamp(moment);
}

absl::StatusOr<absl::CivilDay> ReadDay(absl::string_view text, absl::string_view field) {
  absl::CivilDay day;
  if (text.size() != kDayBytes || !absl::ParseCivilTime(text, &day) ||
      absl::FormatCivilTime(day) != text) {
    return InvalidField(field, "want a day as YYYY-MM-DD");
  }
  return day;
}

struct ListField {
  absl::string_view name;
  std::size_t most;
};
// Each of `texts`, read by `read(text, field)` into `list`.
template <class T, class Read>
absl::Status ReadList(const Texts& texts, const ListField& field, Read read, std::vector<T>* list) {
  const auto count = static_cast<std::size_t>(texts.size());
  if (count > field.most) {
    return InvalidField(field.name, absl::StrCat("want at most ", field.most, ", got ", count));
  }
  list->reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    PUHUI_ASSIGN_OR_RETURN(
        T value, read(texts.Get(static_cast<int>(i)), absl::StrCat(field.name, "[", i, "]")));
    list->push_back(std::move(value));
  }
  return absl::OkStatus();
}

absl::Status ReadWindow(const v1::Terms& message, TermsDraft* draft) {
  const bool has_days = !message.first_day().empty() || !message.last_day().empty();
  if (!has_days) {
    if (!message.has_expire_time()) {
      return InvalidField("terms.expire_time",
                          "want the moment at which spending ends, or the last day");
    }
    PUHUI_ASSIGN_OR_RETURN(draft->terms.expiry,
                           ReadMoment(message.expire_time(), "terms.expire_time"));
    if (!message.has_start_time()) return absl::OkStatus();
    PUHUI_ASSIGN_OR_RETURN(draft->terms.start,
                           ReadMoment(message.start_time(), "terms.start_time"));
    return absl::OkStatus();
  }
  // Moments beside days are what an answer said of the days: whoever sends it back means the days.
  if (message.last_day().empty()) {
    return InvalidField("terms.last_day", "want the last day, beside the first");
  }
  ledger::CivilDays& days = draft->days.emplace();
  PUHUI_ASSIGN_OR_RETURN(days.last_day, ReadDay(message.last_day(), "terms.last_day"));
  if (message.first_day().empty()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(days.first_day, ReadDay(message.first_day(), "terms.first_day"));
  return absl::OkStatus();
}

absl::Status ReadPlaces(const v1::Terms& message, TermsDraft* draft) {
  ledger::Terms& terms = draft->terms;
  PUHUI_RETURN_IF_ERROR(ReadList(message.merchant_categories(),
                                 {"terms.merchant_categories", kCategoriesPerTermsMax},
                                 ParseCategory, &terms.categories));
  PUHUI_RETURN_IF_ERROR(ReadList(message.regions(), {"terms.regions", kRegionsPerTermsMax},
                                 ParseRegion, &terms.regions));
  PUHUI_RETURN_IF_ERROR(ReadList(message.allowed_merchants(),
                                 {"terms.allowed_merchants", kMerchantsPerTermsMax},
                                 ParseMerchantName, &draft->allowed_merchants));
  return ReadList(message.denied_merchants(), {"terms.denied_merchants", kMerchantsPerTermsMax},
                  ParseMerchantName, &draft->denied_merchants);
}

absl::Status ReadDays(const v1::Terms& message, ledger::Terms* terms) {
  ledger::Weekdays weekdays = 0;
  for (int i = 0; i < message.weekdays_size(); ++i) {
    const v1::Weekday weekday = message.weekdays(i);
    if (!v1::Weekday_IsValid(weekday) || weekday == v1::WEEKDAY_UNSPECIFIED) {
      return InvalidField(absl::StrCat("terms.weekdays[", i, "]"), "want one of the seven days");
    }
    weekdays |= static_cast<ledger::Weekdays>(1U << static_cast<unsigned>(weekday - 1));
  }
  if (weekdays != 0) terms->weekdays = weekdays;
  PUHUI_RETURN_IF_ERROR(ReadList(message.holidays(), {"terms.holidays", kHolidaysPerTermsMax},
                                 ReadDay, &terms->holidays));
  if (!v1::HolidayRule_IsValid(message.holiday_rule())) {
    return InvalidField("terms.holiday_rule", "want one of the rules, or none");
  }
  terms->holiday_rule = static_cast<ledger::HolidayRule>(message.holiday_rule());
  return absl::OkStatus();
}

absl::Status ReadEarmark(const v1::Earmark& message, ledger::Earmark* earmark) {
  if (message.basis_points() == 0) {
    return InvalidField("terms.earmark.basis_points", "want 1 to 10,000, got 0");
  }
  PUHUI_ASSIGN_OR_RETURN(earmark->share, BasisPoints::FromRequest(message.basis_points(),
                                                                  "terms.earmark.basis_points"));
  PUHUI_RETURN_IF_ERROR(ReadList(message.merchant_categories(),
                                 {"terms.earmark.merchant_categories", kCategoriesPerTermsMax},
                                 ParseCategory, &earmark->categories));
  return ReadList(message.regions(), {"terms.earmark.regions", kRegionsPerTermsMax}, ParseRegion,
                  &earmark->regions);
}

absl::Status FindMerchants(const std::vector<MerchantId>& ids, absl::string_view field,
                           const ledger::Readable& store, std::vector<MerchantNumber>* numbers) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(const auto number,
                           ledger::Find(store, merchant::kMerchantIdTable, ids[i].text()));
    if (!number.has_value()) {
      return ledger::ToStatus({.reason = ledger::Reason::kNotFound,
                               .field = absl::StrCat(field, "[", i, "]"),
                               .message = "there is no such merchant"});
    }
    numbers->push_back(*number);
  }
  return absl::OkStatus();
}

absl::Status ResolveWindow(const ledger::CivilDays& days, const UnionId& of,
                           const ledger::Readable& store, ledger::Terms* terms) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, of.text()));
  if (!found.has_value()) return NotFound("union");
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(&store).Of(found->number, found->row));
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(settings.time_zone, &zone)) {
    return InvalidField("terms.last_day",
                        absl::StrCat("want days of a zone whose rules are known here; that of ",
                                     "the union is ", settings.time_zone));
  }
  ledger::ResolveDays(days, zone, terms);
  // The years 1 to 9999 of the zone are not quite those of a Timestamp.
  if (terms->expiry > absl::FromUnixSeconds(kSecondsMax)) {
    return InvalidField("terms.last_day", "want a day that ends within the year 9999");
  }
  if (terms->start < absl::FromUnixSeconds(kSecondsMin)) {
    return InvalidField("terms.first_day", "want a day that begins within the year 1");
  }
  return absl::OkStatus();
}

// What the API calls a field of ledger::Terms.
std::string ApiField(absl::string_view field, bool has_days) {
  if (field == "expiry") return has_days ? "last_day" : "expire_time";
  if (field == "time_zone") return "last_day";
  if (field == "categories") return "merchant_categories";
  if (field == "earmark.share") return "earmark.basis_points";
  if (field == "earmark.categories") return "earmark.merchant_categories";
  return std::string(field);
}

void AddEarmark(const ledger::Earmark& earmark, v1::Terms* message) {
  if (earmark.share.value() == 0) return;
  v1::Earmark& of = *message->mutable_earmark();
  of.set_basis_points(static_cast<std::int32_t>(earmark.share.value()));
  for (const std::uint32_t category : earmark.categories) {
    of.add_merchant_categories(FormatCategory(category));
  }
  for (const std::uint32_t region : earmark.regions) of.add_regions(FormatRegion(region));
}

}  // namespace

absl::StatusOr<TermsDraft> ReadTerms(const v1::Terms& message) {
  TermsDraft draft;
  PUHUI_RETURN_IF_ERROR(ReadWindow(message, &draft));
  if (!v1::ExpiryPolicy_IsValid(message.expiry_policy())) {
    return InvalidField("terms.expiry_policy", "want one of the policies, or none");
  }
  draft.terms.expire_to_union = message.expiry_policy() == v1::EXPIRY_POLICY_EXPIRE;
  PUHUI_RETURN_IF_ERROR(ReadPlaces(message, &draft));
  PUHUI_RETURN_IF_ERROR(ReadDays(message, &draft.terms));
  if (message.points_per_day_max() != 0) {
    PUHUI_ASSIGN_OR_RETURN(draft.terms.day_cap, Points::FromRequest(message.points_per_day_max(),
                                                                    "terms.points_per_day_max"));
  }
  if (message.has_earmark()) {
    PUHUI_RETURN_IF_ERROR(ReadEarmark(message.earmark(), &draft.terms.earmark));
  }
  return draft;
}

absl::StatusOr<ledger::Terms> ResolveTerms(const TermsDraft& draft, const UnionId& of,
                                           const ledger::Readable& store) {
  ledger::Terms terms = draft.terms;
  if (draft.days.has_value()) {
    PUHUI_RETURN_IF_ERROR(ResolveWindow(*draft.days, of, store, &terms));
  }
  PUHUI_RETURN_IF_ERROR(FindMerchants(draft.allowed_merchants, "terms.allowed_merchants", store,
                                      &terms.allowed_merchants));
  PUHUI_RETURN_IF_ERROR(FindMerchants(draft.denied_merchants, "terms.denied_merchants", store,
                                      &terms.denied_merchants));
  ledger::SortLists(&terms);
  // The command asks again; here the fields have the names that the caller knows.
  if (const auto problems = ledger::CheckTerms(terms); !problems.empty()) {
    const ledger::Refusal& first = problems.front();
    return InvalidField(absl::StrCat("terms.", ApiField(first.field, draft.days.has_value())),
                        first.message);
  }
  return terms;
}

absl::StatusOr<v1::Terms> TermsOf(const ledger::Terms& terms, Names& names) {
  v1::Terms message;
  *message.mutable_expire_time() = ToTimestamp(terms.expiry);
  for (const std::uint32_t category : terms.categories) {
    message.add_merchant_categories(FormatCategory(category));
  }
  message.set_expiry_policy(terms.expire_to_union ? v1::EXPIRY_POLICY_EXPIRE
                                                  : v1::EXPIRY_POLICY_RETURN_TO_BUDGET);
  if (terms.start != absl::UnixEpoch()) *message.mutable_start_time() = ToTimestamp(terms.start);
  if (terms.first_day.has_value()) {
    message.set_first_day(absl::FormatCivilTime(*terms.first_day));
  }
  if (terms.last_day.has_value()) message.set_last_day(absl::FormatCivilTime(*terms.last_day));
  message.set_time_zone(terms.time_zone);
  for (const std::uint32_t region : terms.regions) message.add_regions(FormatRegion(region));
  for (const MerchantNumber merchant : terms.allowed_merchants) {
    PUHUI_ASSIGN_OR_RETURN(*message.add_allowed_merchants(), names.OfMerchant(merchant));
  }
  for (const MerchantNumber merchant : terms.denied_merchants) {
    PUHUI_ASSIGN_OR_RETURN(*message.add_denied_merchants(), names.OfMerchant(merchant));
  }
  for (int day = v1::WEEKDAY_MONDAY; terms.weekdays != ledger::kEveryWeekday && day <= 7; ++day) {
    if ((terms.weekdays >> (day - 1) & 1) != 0) message.add_weekdays(static_cast<v1::Weekday>(day));
  }
  for (const absl::CivilDay day : terms.holidays) {
    message.add_holidays(absl::FormatCivilTime(day));
  }
  message.set_holiday_rule(static_cast<v1::HolidayRule>(terms.holiday_rule));
  message.set_points_per_day_max(terms.day_cap.value());
  AddEarmark(terms.earmark, &message);
  return message;
}

}  // namespace puhui::services
