// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/merchant_command.h"
#include "services/cli/noun.h"
#include "services/cli/offer_flags.h"
#include "services/cli/offer_report_command.h"
#include "services/cli/offer_search_command.h"
#include "services/cli/offer_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using CatalogStub = v1::CatalogService::Stub;

std::string MinimumText(const Output& output, const v1::Offer& offer) {
  const std::int64_t minimum = offer.has_amount_off() ? offer.amount_off().minimum_points()
                                                      : offer.percentage_off().minimum_points();
  return minimum == 0 ? "" : output.Points(minimum);
}

std::string AudienceText(const v1::Audience& audience) {
  std::vector<std::string> parts;
  const auto add = [&parts](const auto& texts) {
    if (!texts.empty()) parts.push_back(absl::StrJoin(texts, " or "));
  };
  add(audience.unions());
  add(audience.employments());
  add(audience.departments());
  add(audience.campaigns());
  if (!audience.joined_from().empty() || !audience.joined_to().empty()) {
    parts.push_back(absl::StrCat("joined ", audience.joined_from(), " to ", audience.joined_to()));
  }
  return absl::StrJoin(parts, "; ");
}

void PrintOffer(Output& output, const v1::Offer& offer) {
  const bool has_stock = offer.has_stock();
  std::string fulfilments;
  for (const int kind : offer.fulfilments()) {
    absl::StrAppend(&fulfilments, fulfilments.empty() ? "" : " ",
                    EnumText(static_cast<v1::FulfilmentKind>(kind)));
  }
  output.Fields({{"name", offer.name()},
                 {"merchant", offer.merchant()},
                 {"state", EnumText(offer.state())},
                 {"version", absl::StrCat(offer.version())},
                 {"etag", offer.etag()},
                 {"title", offer.title()},
                 {"text", offer.text()},
                 {"benefit", BenefitText(output, offer)},
                 {"minimum bill", MinimumText(output, offer)},
                 {"available", has_stock ? absl::StrCat(offer.stock().available()) : ""},
                 {"sold", has_stock ? absl::StrCat(offer.stock().sold()) : ""},
                 {"category", offer.category()},
                 {"regions", absl::StrJoin(offer.regions(), " ")},
                 {"for", AudienceText(offer.audience())},
                 {"first day", offer.first_day()},
                 {"last day", offer.last_day()},
                 {"zone", offer.time_zone()},
                 {"a member at most",
                  offer.per_member_limit() == 0 ? "" : absl::StrCat(offer.per_member_limit())},
                 {"fulfilment", fulfilments}});
  Table table({{"QUANTITY", Table::Align::kRight}, {"PART"}});
  for (const v1::OfferComponent& part : offer.item().components()) {
    table.AddRow({absl::StrCat(part.quantity()), part.text()});
  }
  if (!offer.item().components().empty()) output.Flush(table);
}

template <class Response>
void PrintOfferAnswer(Output& output, const Response& response) {
  PrintOffer(output, response.offer());
}

void AddOfferCreate(Noun& noun) {
  noun.Changes(
      {"create", "Write an offer: a draft, which members do not see"}, &CatalogStub::CreateOffer,
      [](CLI::App& app, v1::CreateOfferRequest& request) {
        AddName(app, "merchant", request.mutable_offer()->mutable_merchant(), "merchants")
            ->required();
        app.add_option_function<std::int64_t>(
            "--stock", [&request](const std::int64_t& stock) { request.set_stock(stock); },
            "How many there are of an item, or of seats. Default: none");
        return AddOfferFlags(app, request.mutable_offer(), nullptr);
      },
      PrintOfferAnswer<v1::CreateOfferResponse>);
}

void AddOfferUpdate(Noun& noun) {
  noun.Changes(
      {"update", "Change an offer; what is published stays so, in a new version"},
      &CatalogStub::UpdateOffer,
      [](CLI::App& app, v1::UpdateOfferRequest& request) {
        AddName(app, "offer", request.mutable_offer()->mutable_name(), "offers")->required();
        app.add_option("--etag", *request.mutable_offer()->mutable_etag(),
                       "Only if the offer still has it");
        app.add_option_function<std::vector<std::string>>(
            "--clear",
            [&request](const std::vector<std::string>& fields) {
              for (const std::string& field : fields) {
                request.mutable_update_mask()->add_paths(field);
              }
            },
            "A field, as update_mask names it, that is to say nothing; may be repeated");
        return AddOfferFlags(app, request.mutable_offer(), request.mutable_update_mask());
      },
      PrintOfferAnswer<v1::UpdateOfferResponse>);
}

void AddOfferMoves(Noun& noun) {
  noun.Changes(
      {"publish", "Let members use an offer"}, &CatalogStub::PublishOffer,
      [](CLI::App& app, v1::PublishOfferRequest& request) {
        AddName(app, "offer", request.mutable_name(), "offers")->required();
        app.add_option("--etag", *request.mutable_etag(), "Only if the offer still has it");
      },
      PrintOfferAnswer<v1::PublishOfferResponse>);
  noun.Changes(
      {"withdraw", "Let nobody use an offer any more; what was ordered stays"},
      &CatalogStub::WithdrawOffer,
      [](CLI::App& app, v1::WithdrawOfferRequest& request) {
        AddName(app, "offer", request.mutable_name(), "offers")->required();
        app.add_option("--etag", *request.mutable_etag(), "Only if the offer still has it");
        app.add_option("--reason", *request.mutable_reason(), "Why, at most 200 characters");
      },
      PrintOfferAnswer<v1::WithdrawOfferResponse>);
  noun.Changes(
      {"restock", "Change how many there are, up or down"}, &CatalogStub::RestockOffer,
      [](CLI::App& app, v1::RestockOfferRequest& request) {
        AddName(app, "offer", request.mutable_name(), "offers")->required();
        app.add_option_function<std::int64_t>(
               "--change", [&request](const std::int64_t& change) { request.set_change(change); },
               "How many more; negative: fewer")
            ->required();
      },
      [](Output& output, const v1::RestockOfferResponse& response) {
        output.Fields({{"available", absl::StrCat(response.stock().available())},
                       {"sold", absl::StrCat(response.stock().sold())}});
      });
}

void AddOfferReads(Noun& noun) {
  noun.Reads(
      {"get", "Show an offer"}, &CatalogStub::GetOffer,
      [](CLI::App& app, v1::GetOfferRequest& request) {
        AddName(app, "offer", request.mutable_name(), "offers")->required();
      },
      PrintOfferAnswer<v1::GetOfferResponse>);
  noun.Lists(
      {"list", "List the offers of a merchant in the order in which they were created"},
      &CatalogStub::ListOffers,
      [](CLI::App& app, v1::ListOffersRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
        AddEnum<v1::OfferState>(
            app, "--state", [&request](v1::OfferState state) { request.set_state(state); },
            "Those that stand there. Default: all");
      },
      {{"OFFER"},
       {"STATE"},
       {"VERSION", Table::Align::kRight},
       {"AVAILABLE", Table::Align::kRight},
       {"LAST DAY"},
       {"BENEFIT"},
       {"TITLE"}},
      [](Output& output, Table& table, const v1::ListOffersResponse& response) {
        for (const v1::Offer& offer : response.offers()) {
          table.AddRow({offer.name(), EnumText(offer.state()), absl::StrCat(offer.version()),
                        offer.has_stock() ? absl::StrCat(offer.stock().available()) : "-",
                        offer.last_day(), BenefitText(output, offer), offer.title()});
        }
      });
  noun.Lists(
      {"history", "List what an offer was in each version, the newest first"},
      &CatalogStub::ListOfferVersions,
      [](CLI::App& app, v1::ListOfferVersionsRequest& request) {
        AddName(app, "offer", request.mutable_name(), "offers")->required();
      },
      {{"VERSION", Table::Align::kRight},
       {"TIME"},
       {"STATE"},
       {"BENEFIT"},
       {"TITLE"},
       {"PERSON"},
       {"REASON"}},
      [](Output& output, Table& table, const v1::ListOfferVersionsResponse& response) {
        for (const v1::OfferVersion& version : response.versions()) {
          const v1::Offer& offer = version.offer();
          table.AddRow({absl::StrCat(offer.version()), output.Time(version.time()),
                        EnumText(offer.state()), BenefitText(output, offer), offer.title(),
                        version.person(), version.reason()});
        }
      });
}

}  // namespace

void AddOfferCommands(CommandLine& line) {
  Noun noun(line, "offer", "What merchants promise members");
  noun.AlsoCalled("offers");
  AddOfferCreate(noun);
  AddOfferUpdate(noun);
  AddOfferMoves(noun);
  AddOfferReads(noun);
  AddOfferReportVerbs(noun);
  AddOfferSearchVerbs(noun);
  AddOfferPictureVerbs(noun);
}

}  // namespace puhui::services
