// SPDX-License-Identifier: Apache-2.0
#include "services/cli/terms_flags.h"

#include "ledger/base/status_macros.h"
#include "services/cli/enum_text.h"
#include "services/cli/flags.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"
#include "services/yaml/yaml_message.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

constexpr int kTermsBasisPointsMax = 10'000;

struct TermsFlags {
  std::string file;
  std::string starts;
  std::string expires;
  v1::Terms terms;  // Of the flags alone.
};

// May be repeated.
void AddTermsTexts(CLI::App& app, const std::string& flag, Texts* field, const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
      flag,
      [field](const std::vector<std::string>& texts) {
        for (const std::string& text : texts) field->Add(std::string(text));
      },
      help + "; may be repeated");
}

void AddMerchants(CLI::App& app, const std::string& flag, Texts* field, const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
      flag,
      [field](const std::vector<std::string>& names) {
        for (const std::string& name : names) {
          field->Add(absl::StrContains(name, '/') ? std::string(name)
                                                  : absl::StrCat("merchants/", name));
        }
      },
      help + ": merchants/…, or the id alone; may be repeated");
}

void AddWeekdays(CLI::App& app, v1::Terms* terms) {
  const auto* const descriptor = v1::Weekday_descriptor();
  app.add_option_function<std::vector<std::string>>(
         "--weekday",
         [terms, descriptor](const std::vector<std::string>& days) {
           for (const std::string& day : days) {
             terms->add_weekdays(static_cast<v1::Weekday>(EnumNumber(*descriptor, day)));
           }
         },
         "A day of the week on which may be spent; may be repeated. Default: all: " +
             EnumChoices(*descriptor))
      ->check([descriptor](const std::string& text) {
        return EnumNumber(*descriptor, text) > 0
                   ? std::string()
                   : "wanted one of " + EnumChoices(*descriptor) + ", got " + text;
      });
}

void AddWindow(CLI::App& app, TermsFlags* flags) {
  app.add_option("--first-day", *flags->terms.mutable_first_day(),
                 "The first day to spend, as YYYY-MM-DD in the union's zone");
  app.add_option("--last-day", *flags->terms.mutable_last_day(),
                 "The last day to spend, as YYYY-MM-DD in the union's zone");
  app.add_option("--starts", flags->starts,
                 "The first moment to spend, such as 2027-02-01T00:00:00+08:00; instead of days");
  app.add_option("--expires", flags->expires,
                 "The end of spending as a moment, or the end of a day in --zone; instead of days");
}

void AddEarmark(CLI::App& app, v1::Terms* terms) {
  app.add_option_function<int>(
         "--earmark-basis-points",
         [terms](const int& share) { terms->mutable_earmark()->set_basis_points(share); },
         "The part of each grant that is bound further, in hundredths of a percent")
      ->check(CLI::Range(1, kTermsBasisPointsMax));
  app.add_option_function<std::vector<std::string>>(
      "--earmark-category",
      [terms](const std::vector<std::string>& categories) {
        for (const std::string& category : categories) {
          terms->mutable_earmark()->add_merchant_categories(category);
        }
      },
      "A merchant category that the part may pay; may be repeated");
  app.add_option_function<std::vector<std::string>>(
      "--earmark-region",
      [terms](const std::vector<std::string>& regions) {
        for (const std::string& region : regions) terms->mutable_earmark()->add_regions(region);
      },
      "A region where the part may be spent; may be repeated");
}

// Empties the lists that `flags` gives too.
void ClearGivenLists(const google::protobuf::Message& flags, google::protobuf::Message* message) {
  std::vector<const google::protobuf::FieldDescriptor*> given;
  flags.GetReflection()->ListFields(flags, &given);
  const google::protobuf::Reflection& of = *message->GetReflection();
  for (const google::protobuf::FieldDescriptor* field : given) {
    if (field->is_repeated()) {
      of.ClearField(message, field);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      ClearGivenLists(of.GetMessage(flags, field), of.MutableMessage(message, field));
    }
  }
}

absl::Status Fill(const TermsFlags& flags, TermsUse use, absl::TimeZone zone, v1::Terms* terms) {
  if (!flags.file.empty()) {
    PUHUI_RETURN_IF_ERROR(ReadYamlFile(flags.file, terms).status());
  }
  ClearGivenLists(flags.terms, terms);
  terms->MergeFrom(flags.terms);
  if (!flags.starts.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const absl::Time start, ParseMoment(flags.starts));
    *terms->mutable_start_time() = ToTimestamp(start);
  }
  if (!flags.expires.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const absl::Time end, ParseEndOfDay(flags.expires, zone));
    *terms->mutable_expire_time() = ToTimestamp(end);
  }
  if (!terms->last_day().empty()) {
    if (flags.starts.empty() && flags.expires.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("--last-day: want no --starts or --expires beside it");
  }
  const bool asked = use == TermsUse::kRequired || terms->ByteSizeLong() > 0;
  if (!asked || terms->has_expire_time()) return absl::OkStatus();
  return absl::InvalidArgumentError("--last-day: want the end of spending: this or --expires");
}

std::string EarmarkText(const v1::Earmark& earmark) {
  if (earmark.basis_points() == 0) return "";
  std::string text =
      absl::StrFormat("%d.%02d%%", earmark.basis_points() / 100, earmark.basis_points() % 100);
  if (!earmark.merchant_categories().empty()) {
    absl::StrAppend(&text, " for ", absl::StrJoin(earmark.merchant_categories(), " "));
  }
  if (!earmark.regions().empty()) {
    absl::StrAppend(&text, " in ", absl::StrJoin(earmark.regions(), " "));
  }
  return text;
}

}  // namespace

Prepare AddTermsFlags(CLI::App& app, TermsUse use, v1::Terms* terms) {
  const auto flags = std::make_shared<TermsFlags>();
  v1::Terms* const of = &flags->terms;
  app.add_option("--terms", flags->file, "A YAML file with the fields of puhui.v1.Terms");
  AddWindow(app, flags.get());
  AddEnum<v1::ExpiryPolicy>(
      app, "--expiry-policy", [of](v1::ExpiryPolicy policy) { of->set_expiry_policy(policy); },
      "What unspent points become");
  AddTermsTexts(app, "--category", of->mutable_merchant_categories(),
                "A merchant category that may be paid. Default: all");
  AddTermsTexts(app, "--region", of->mutable_regions(),
                "A region where may be spent, six digits of GB/T 2260. Default: all");
  AddMerchants(app, "--allow-merchant", of->mutable_allowed_merchants(),
               "None but these may be paid");
  AddMerchants(app, "--deny-merchant", of->mutable_denied_merchants(), "May not be paid");
  AddWeekdays(app, of);
  AddTermsTexts(app, "--holiday", of->mutable_holidays(), "A holiday, as YYYY-MM-DD");
  AddEnum<v1::HolidayRule>(
      app, "--holiday-rule", [of](v1::HolidayRule rule) { of->set_holiday_rule(rule); },
      "What the holidays mean");
  AddPointsOf(
      app, "--points-per-day", [of](std::int64_t points) { of->set_points_per_day_max(points); },
      "The most that a member may spend of it on one day. Default: any");
  AddEarmark(app, of);
  return [flags, use, terms](const Invocation& invocation) {
    return Fill(*flags, use, invocation.zone(), terms);
  };
}

void PrintTerms(Output& output, const v1::Terms& terms) {
  std::string weekdays;
  for (const int day : terms.weekdays()) {
    absl::StrAppend(&weekdays, weekdays.empty() ? "" : " ",
                    EnumText(static_cast<v1::Weekday>(day)));
  }
  const bool any_cap = terms.points_per_day_max() != 0;
  const bool any_rule = terms.holiday_rule() != v1::HOLIDAY_RULE_UNSPECIFIED;
  output.Fields({{"spend from", terms.has_start_time() ? output.Time(terms.start_time()) : ""},
                 {"spend by", output.End(terms.expire_time())},
                 {"first day", terms.first_day()},
                 {"last day", terms.last_day()},
                 {"zone", terms.time_zone()},
                 {"unspent points", EnumText(terms.expiry_policy())},
                 {"categories", absl::StrJoin(terms.merchant_categories(), " ")},
                 {"regions", absl::StrJoin(terms.regions(), " ")},
                 {"merchants", absl::StrJoin(terms.allowed_merchants(), " ")},
                 {"never", absl::StrJoin(terms.denied_merchants(), " ")},
                 {"weekdays", weekdays},
                 {"holiday rule", any_rule ? EnumText(terms.holiday_rule()) : ""},
                 {"holidays", absl::StrJoin(terms.holidays(), " ")},
                 {"a day at most", any_cap ? output.Points(terms.points_per_day_max()) : ""},
                 {"earmark", EarmarkText(terms.earmark())}});
}

}  // namespace puhui::services
