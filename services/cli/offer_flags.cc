// SPDX-License-Identifier: Apache-2.0
#include "services/cli/offer_flags.h"

#include "ledger/base/status_macros.h"
#include "services/cli/enum_text.h"
#include "services/cli/flags.h"
#include "services/yaml/yaml_message.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

struct OfferFlags {
  std::string file;
  v1::Offer offer;  // Of the flags alone.
  std::int64_t minimum_bill = 0;
};

// May be repeated. An id alone stands for a name in `collection`, if there is one.
void AddOfferTexts(CLI::App& app, const std::string& flag, Texts* field,
                   const std::string& collection, const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
      flag,
      [field, collection](const std::vector<std::string>& texts) {
        for (const std::string& text : texts) {
          const bool whole = collection.empty() || absl::StrContains(text, '/');
          field->Add(whole ? std::string(text) : absl::StrCat(collection, "/", text));
        }
      },
      help + "; may be repeated");
}

void AddDiscountFlags(CLI::App& app, v1::Offer* of) {
  constexpr int kRateMax = 9'999;
  app.add_option_function<int>(
         "--percent-off",
         [of](const int& rate) { of->mutable_percentage_off()->set_basis_points(rate); },
         "Off the bill, in hundredths of a percent")
      ->check(CLI::Range(1, kRateMax));
  AddPointsOf(
      app, "--at-most-off",
      [of](std::int64_t points) { of->mutable_percentage_off()->set_discount_points_max(points); },
      "Beside --percent-off: no more points than that");
  AddPointsOf(
      app, "--points-off",
      [of](std::int64_t points) { of->mutable_amount_off()->set_points(points); },
      "Off the bill, in points");
}

// Of the discount that the other flags name.
void SetMinimum(std::int64_t points, v1::Offer* of) {
  if (of->has_amount_off()) {
    of->mutable_amount_off()->set_minimum_points(points);
  } else {
    of->mutable_percentage_off()->set_minimum_points(points);
  }
}

// "2 × 大米" is written as 2:大米.
void AddComponents(CLI::App& app, v1::Offer* of) {
  app.add_option_function<std::vector<std::string>>(
         "--part",
         [of](const std::vector<std::string>& parts) {
           for (const std::string& part : parts) {
             const std::pair<std::string, std::string> halves =
                 absl::StrSplit(part, absl::MaxSplits(':', 1));
             v1::OfferComponent& added = *of->mutable_item()->add_components();
             std::uint32_t quantity = 0;
             if (absl::SimpleAtoi(halves.first, &quantity)) added.set_quantity(quantity);
             added.set_text(halves.second);
           }
         },
         "One part of a bundle, as 2:rice; may be repeated")
      ->check([](const std::string& part) {
        const std::pair<std::string, std::string> halves =
            absl::StrSplit(part, absl::MaxSplits(':', 1));
        std::uint32_t quantity = 0;
        return absl::SimpleAtoi(halves.first, &quantity) && quantity > 0 && !halves.second.empty()
                   ? std::string()
                   : "wanted a quantity and a text, as 2:rice, got " + part;
      });
}

void AddOrderFlags(CLI::App& app, v1::Offer* of) {
  AddPointsOf(
      app, "--price", [of](std::int64_t points) { of->mutable_item()->set_price_points(points); },
      "Of an item or a bundle");
  AddComponents(app, of);
  AddPointsOf(
      app, "--seat-price",
      [of](std::int64_t points) { of->mutable_seats()->set_price_points(points); }, "Of a seat");
  app.add_option_function<std::string>(
      "--travel-day", [of](const std::string& day) { of->mutable_seats()->set_travel_day(day); },
      "Of seats: the day of the journey, as YYYY-MM-DD");
  app.add_option_function<std::string>(
      "--from", [of](const std::string& place) { of->mutable_seats()->set_from(place); },
      "Of seats: where from");
  app.add_option_function<std::string>(
      "--to", [of](const std::string& place) { of->mutable_seats()->set_to(place); },
      "Of seats: where to");
  const auto* const descriptor = v1::FulfilmentKind_descriptor();
  app.add_option_function<std::vector<std::string>>(
         "--fulfilment",
         [of, descriptor](const std::vector<std::string>& kinds) {
           for (const std::string& kind : kinds) {
             of->add_fulfilments(static_cast<v1::FulfilmentKind>(EnumNumber(*descriptor, kind)));
           }
         },
         "How it gets to the member; may be repeated: " + EnumChoices(*descriptor))
      ->check([descriptor](const std::string& text) {
        return EnumNumber(*descriptor, text) > 0
                   ? std::string()
                   : "wanted one of " + EnumChoices(*descriptor) + ", got " + text;
      });
  AddSwitch(
      app, "--transferable", [of](bool on) { of->set_transferable(on); },
      "A member may pass the voucher on");
  app.add_option_function<std::uint32_t>(
      "--voucher-days", [of](const std::uint32_t& days) { of->set_voucher_days(days); },
      "For how many days the voucher is good. Default: until the last day");
  AddSwitch(
      app, "--external-codes", [of](bool on) { of->set_external_codes(on); },
      "The vouchers are codes that the merchant uploads");
}

// The fields that stand in `offer`, as update_mask names them.
void AddPaths(const v1::Offer& offer, google::protobuf::FieldMask* mask) {
  static constexpr std::array<absl::string_view, 13> kPaths = {
      "title",        "text",         "category",         "regions",  "audience",
      "first_day",    "last_day",     "per_member_limit", "pictures", "fulfilments",
      "transferable", "voucher_days", "external_codes"};
  if (offer.benefit_case() != v1::Offer::BENEFIT_NOT_SET) mask->add_paths("benefit");
  std::vector<const google::protobuf::FieldDescriptor*> set;
  offer.GetReflection()->ListFields(offer, &set);
  for (const absl::string_view path : kPaths) {
    for (const google::protobuf::FieldDescriptor* field : set) {
      if (field->name() == path) mask->add_paths(std::string(path));
    }
  }
}

}  // namespace

void AddAudienceFlags(CLI::App& app, v1::Audience* audience) {
  AddOfferTexts(app, "--for-union", audience->mutable_unions(), "unions",
                "For members of this union and those below it");
  AddOfferTexts(app, "--for-employment", audience->mutable_employments(), "",
                "For members of this employment");
  AddOfferTexts(app, "--for-department", audience->mutable_departments(), "",
                "For members of this department");
  AddOfferTexts(app, "--for-campaign", audience->mutable_campaigns(), "campaigns",
                "For members whom this campaign granted points");
  app.add_option("--joined-from", *audience->mutable_joined_from(),
                 "For members enrolled on this day, YYYY-MM-DD, or later");
  app.add_option("--joined-to", *audience->mutable_joined_to(),
                 "For members enrolled on this day, YYYY-MM-DD, or earlier");
}

Prepare AddOfferFlags(CLI::App& app, v1::Offer* offer, google::protobuf::FieldMask* mask) {
  const auto flags = std::make_shared<OfferFlags>();
  v1::Offer* const of = &flags->offer;
  app.add_option("--file", flags->file, "A YAML file with the fields of puhui.v1.Offer");
  app.add_option("--title", *of->mutable_title(), "What people read first");
  app.add_option("--text", *of->mutable_text(), "What else there is to say");
  AddDiscountFlags(app, of);
  AddPointsOf(
      app, "--minimum-bill", [flags](std::int64_t points) { flags->minimum_bill = points; },
      "Beside a discount: what the bill comes to at least");
  AddOrderFlags(app, of);
  app.add_option("--category", *of->mutable_category(),
                 "What it is listed under: four digits. Default: the merchant's");
  AddOfferTexts(app, "--region", of->mutable_regions(), "",
                "Where it is good, six digits of GB/T 2260. Default: everywhere");
  AddAudienceFlags(app, of->mutable_audience());
  app.add_option("--first-day", *of->mutable_first_day(),
                 "The first day, as YYYY-MM-DD in the merchant's zone. Default: at once");
  app.add_option("--last-day", *of->mutable_last_day(), "The last day, likewise");
  app.add_option_function<std::uint32_t>(
      "--per-member", [of](const std::uint32_t& times) { of->set_per_member_limit(times); },
      "How often one member may use it, or order of it. Default: any");
  return [flags, offer, mask](const Invocation& /*invocation*/) {
    v1::Offer& said = flags->offer;
    if (flags->minimum_bill != 0) SetMinimum(flags->minimum_bill, &said);
    // Bound to flags, so that it is there; without one of them it says nothing.
    if (said.audience().ByteSizeLong() == 0) said.clear_audience();
    v1::Offer read;
    if (!flags->file.empty()) {
      PUHUI_RETURN_IF_ERROR(ReadYamlFile(flags->file, &read).status());
    }
    read.MergeFrom(said);
    if (mask != nullptr) AddPaths(read, mask);
    read.MergeFrom(*offer);
    *offer = std::move(read);
    return absl::OkStatus();
  };
}

}  // namespace puhui::services
