// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/filler.h"

#include "issuing/app/approval_commands.h"
#include "issuing/app/budget_commands.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/member_commands.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/queries.h"
#include "issuing/app/rule_commands.h"
#include "issuing/app/run_commands.h"
#include "issuing/app/union_commands.h"
#include "issuing/app/union_queries.h"
#include "issuing/core/id_number.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/offer_commands.h"
#include "tests/bench/device_filler.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace puhui::bench {
namespace {

constexpr char kUnion[] = "bench";
// Different people, so that a second person approves.
constexpr char kMaker[] = "/hr/unions/bench/people/maker";
constexpr char kChecker[] = "/approver/unions/bench/people/checker";
constexpr char kOccasion[] = "spring-festival";
constexpr std::chrono::milliseconds kLookEvery{1};
constexpr int kDrawsMax = 8;  // Of the card numbers of one batch.

UnionId BenchUnion() { return KnownId<UnionId>(kUnion); }

// Somebody who does not exist: a well-formed number of a region that has no such code.
puhui::issuing::PersonalData MadeUpPerson(std::size_t number) {
  const absl::CivilDay birth =
      absl::CivilDay(1960, 1, 1) + static_cast<int>(number / 1'000 % 15'000);
  const std::string digits =
      absl::StrFormat("99%04d%04d%02d%02d%03d", number / 15'000'000, birth.year(), birth.month(),
                      birth.day(), number % 1'000);
  return {.external_id = absl::StrFormat("E%08d", number),
          .full_name = absl::StrCat("会员", number),
          .id_number =
              absl::StrCat(digits, std::string(1, puhui::issuing::IdNumberCheckCharacter(digits))),
          .mobile = absl::StrFormat("199%08d", number),
          .department = absl::StrCat("车间", number % 97),
          .employment = "formal"};
}

}  // namespace

absl::Status Filler::FoundUnion(std::int64_t points) {
  auto& books = ledger_.books();
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<puhui::issuing::CreateUnionCommand>(
      &books.issuing, puhui::issuing::CreateUnionCommand::Wish{.id = BenchUnion(),
                                                               .kind = 1,
                                                               .display_name = "Bench union",
                                                               .time_zone = "Asia/Shanghai"})));
  PUHUI_RETURN_IF_ERROR(BindRulePack());
  PUHUI_ASSIGN_OR_RETURN(const Points funding, Points::FromRequest(points, "points"));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome proposed,
      ledger_.engine().Run(
          std::make_unique<puhui::issuing::ProposeFundingCommand>(
              &books.issuing,
              puhui::issuing::ProposeFundingCommand::Wish{.union_id = BenchUnion(),
                                                          .points = funding,
                                                          .bank_reference = "bench-1",
                                                          .person = kMaker}),
          ledger::Priority::kInteractive));
  return ledger_.Run(std::make_unique<puhui::issuing::ConfirmFundingCommand>(
      &books.issuing, &books.views,
      puhui::issuing::ConfirmFundingCommand::Wish{
          .union_id = BenchUnion(), .proposal = proposed.first().sequence(), .person = kChecker}));
}

absl::Status Filler::BindRulePack() {
  auto* tables = &ledger_.books().issuing;
  puhui::issuing::RulePack pack{.id = "bench",
                                .version = 1,
                                .display_name = "Bench",
                                .basis = "none",
                                .effective_from = absl::CivilDay(2020, 1, 1),
                                .points_per_year_max = Points::kMax,
                                .occasions = {{.name = kOccasion}}};
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<puhui::issuing::LoadRulePackCommand>(
      tables, puhui::issuing::RulePackWish{.pack = std::move(pack), .person = kMaker})));
  puhui::issuing::UpdateUnionCommand::Wish bind{.id = BenchUnion()};
  bind.rule_pack = "bench";
  return ledger_.Run(std::make_unique<puhui::issuing::UpdateUnionCommand>(tables, std::move(bind)));
}

absl::Status Filler::EnrolMembers(std::size_t members, std::size_t cards) {
  for (std::size_t first = 0; first < members; first += kRowsPerImportCallMax) {
    const std::size_t size = std::min(kRowsPerImportCallMax, members - first);
    bool enrolled = false;
    for (int draws = 0; !enrolled; ++draws) {
      if (draws == kDrawsMax) return absl::AbortedError("card numbers were drawn twice every time");
      PUHUI_ASSIGN_OR_RETURN(enrolled, EnrolBatch(first, size, cards));
    }
  }
  return absl::OkStatus();
}

// False, and nobody is enrolled, when a card number was drawn that somebody has.
absl::StatusOr<bool> Filler::EnrolBatch(std::size_t first, std::size_t size, std::size_t cards) {
  PUHUI_ASSIGN_OR_RETURN(const auto of,
                         puhui::issuing::FindUnion(ledger_.engine().Latest(), kUnion));
  PUHUI_CHECK(of.has_value());
  puhui::issuing::CreateMembersCommand::Wish wish{.union_id = BenchUnion(), .all_or_nothing = true};
  const absl::Time now = absl::Now();
  const std::size_t cards_before = accounts_.cards.size();
  for (std::size_t i = first; i < first + size; ++i) {
    wish.rows.push_back(ledger_.vault().Seal({of->number, of->number}, MadeUpPerson(i), now));
    const puhui::issuing::NewMember& row = wish.rows.back();
    members_.push_back(row.member);
    if (accounts_.cards.size() >= cards) continue;
    // The card number is drawn when the person is sealed and lies only there.
    PUHUI_ASSIGN_OR_RETURN(const auto opened, ledger_.vault().Open(row.member, row.personal_data));
    accounts_.cards.push_back(opened.data.card_number);
  }
  auto& books = ledger_.books();
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      ledger_.engine().Run(std::make_unique<puhui::issuing::CreateMembersCommand>(
                               &books.issuing, &books.views, std::move(wish)),
                           ledger::Priority::kInteractive));
  // The batch, and everybody in it: one whose card number is taken keeps all of them out.
  if (outcome.records().size() > size) return true;
  members_.erase(members_.end() - static_cast<std::ptrdiff_t>(size), members_.end());
  accounts_.cards.resize(cards_before);
  return false;
}

absl::Status Filler::OpenMerchants(const MerchantWish& wish) {
  for (std::size_t i = 0; i < wish.merchants; ++i) {
    const auto merchant = KnownId<MerchantId>(absl::StrCat("m-", i));
    const bool selling = i < wish.selling;
    PUHUI_RETURN_IF_ERROR(
        OpenMerchant(merchant, selling ? wish.terminals : 1, i == 0 ? wish.time_zone : ""));
    if (wish.fee) PUHUI_RETURN_IF_ERROR(AgreeOnFee(merchant, &ledger_));
    for (std::size_t t = 0; selling && t < wish.terminals; ++t) {
      accounts_.terminals.push_back(absl::StrCat("merchants/m-", i, "/terminals/t-", t));
    }
  }
  return absl::OkStatus();
}

absl::Status Filler::EnrolDevices(std::size_t each, const std::string& code_prefix) {
  const auto end = members_.begin() + static_cast<std::ptrdiff_t>(accounts_.cards.size());
  PUHUI_ASSIGN_OR_RETURN(accounts_.devices,
                         bench::EnrolDevices({members_.begin(), end}, each, &ledger_));
  accounts_.code_prefix = code_prefix;
  return absl::OkStatus();
}

absl::Status Filler::PublishOffers(std::size_t offers, const MerchantWish& merchants) {
  namespace m = puhui::merchant;
  auto* tables = &ledger_.books().merchant;
  for (std::size_t i = 0; i < offers; ++i) {
    const auto merchant = KnownId<MerchantId>(absl::StrCat("m-", i % merchants.selling));
    m::CreateOfferCommand::Wish wish{.merchant = merchant,
                                     .content = {.title = absl::StrCat("offer ", i),
                                                 .kind = m::OfferKind::kItem,
                                                 .price = 1,
                                                 .window = {.last_day = absl::CivilDay(9000, 1, 1)},
                                                 .fulfilments = {m::FulfilmentKind::kECoupon}},
                                     .stock = kOfferStockMax,
                                     .person = kMaker};
    PUHUI_ASSIGN_OR_RETURN(
        const ledger::Outcome created,
        ledger_.engine().Run(
            std::make_unique<m::CreateOfferCommand>(
                m::OfferDesk{.tables = tables, .merchant_zone = absl::UTCTimeZone()},
                std::move(wish)),
            ledger::Priority::kInteractive));
    const std::uint32_t number = created.first().offer_created().offer();
    PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<m::MoveOfferCommand>(
        tables, m::MoveOfferCommand::Wish{.offer = m::OfferNumber{number},
                                          .state = m::OfferState::kPublished,
                                          .person = kMaker})));
    accounts_.offers.push_back(absl::StrCat("offers/", number));
  }
  const std::size_t buyers = std::min(offers == 0 ? 0 : merchants.selling, members_.size());
  for (std::size_t i = 0; i < buyers; ++i) {
    accounts_.members.push_back(absl::StrCat("members/", members_[i].ToString()));
  }
  return absl::OkStatus();
}

absl::Status Filler::OpenMerchant(const MerchantId& merchant, std::size_t terminals,
                                  const std::string& time_zone) {
  namespace m = puhui::merchant;
  auto* tables = &ledger_.books().merchant;
  const auto store = KnownId<StoreId>("s-0");
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<m::RegisterMerchantCommand>(
      tables, m::RegisterMerchantCommand::Wish{.id = merchant,
                                               .display_name = merchant.text(),
                                               .category = kBenchCategory,
                                               .time_zone = time_zone})));
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<m::CreateStoreCommand>(
      tables,
      m::CreateStoreCommand::Wish{.merchant = merchant, .id = store, .display_name = "Store"})));
  for (std::size_t t = 0; t < terminals; ++t) {
    PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<m::EnrollTerminalCommand>(
        tables, m::EnrollTerminalCommand::Wish{.merchant = merchant,
                                               .store = store,
                                               .id = KnownId<TerminalId>(absl::StrCat("t-", t))})));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::pair<CampaignNumber, std::uint32_t>> Filler::StartPlan(
    const CampaignId& campaign) {
  auto& books = ledger_.books();
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<puhui::issuing::CreateCampaignCommand>(
      &books.issuing, puhui::issuing::CreateCampaignCommand::Wish{.id = campaign,
                                                                  .union_id = BenchUnion(),
                                                                  .display_name = campaign.text(),
                                                                  .occasion = kOccasion,
                                                                  .terms = terms_,
                                                                  .person = kMaker})));
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<puhui::issuing::StartPlanCommand>(
      &books.issuing,
      puhui::issuing::StartPlanCommand::Wish{.campaign = campaign, .person = kMaker})));
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         puhui::issuing::FindCampaign(ledger_.engine().Latest(), campaign.text()));
  PUHUI_CHECK(found.has_value() && found->row.upload.has_value());
  return std::pair{found->number, found->row.upload->version};
}

absl::Status Filler::UploadPlan(const CampaignId& campaign, std::int64_t points) {
  PUHUI_ASSIGN_OR_RETURN(const Points share, Points::FromRequest(points, "points"));
  PUHUI_ASSIGN_OR_RETURN(const auto upload, StartPlan(campaign));
  auto* tables = &ledger_.books().issuing;
  for (std::size_t first = 0; first < members_.size(); first += kPlanChunkRows) {
    puhui::issuing::AddPlanRowsCommand::Wish wish{
        .campaign = upload.first, .version = upload.second, .first_row = first};
    const std::size_t end = std::min(first + kPlanChunkRows, members_.size());
    for (std::size_t i = first; i < end; ++i) {
      puhui::issuing::AppendPlanRow(members_[i], share, &wish.rows);
    }
    PUHUI_RETURN_IF_ERROR(
        ledger_.Run(std::make_unique<puhui::issuing::AddPlanRowsCommand>(tables, std::move(wish))));
  }
  return ledger_.Run(
      std::make_unique<puhui::issuing::CompletePlanCommand>(tables, upload.first, upload.second));
}

absl::Status Filler::ApproveCampaign(const CampaignId& campaign, std::int64_t points) {
  PUHUI_RETURN_IF_ERROR(UploadPlan(campaign, points));
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         puhui::issuing::FindCampaign(ledger_.engine().Latest(), campaign.text()));
  PUHUI_CHECK(found.has_value());
  auto& books = ledger_.books();
  const ledger::Hash hash = found->row.plan.hash;
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<puhui::issuing::SubmitCampaignCommand>(
      &books.issuing, &books.views,
      puhui::issuing::SubmitCampaignCommand::Wish{
          .campaign = campaign, .plan_hash = hash, .person = kMaker})));
  return ledger_.Run(std::make_unique<puhui::issuing::ApproveCampaignCommand>(
      &books.issuing, &books.views,
      puhui::issuing::ApproveCampaignCommand::Wish{
          .campaign = campaign, .plan_hash = hash, .person = kChecker}));
}

absl::Status Filler::Issue(const CampaignId& campaign) {
  auto& books = ledger_.books();
  PUHUI_RETURN_IF_ERROR(ledger_.Run(std::make_unique<puhui::issuing::StartIssueCommand>(
      &books.issuing, &books.views,
      puhui::issuing::StartIssueCommand::Wish{.campaign = campaign, .person = kMaker})));
  ledger_.engine().WakeTimers();
  for (;;) {
    PUHUI_ASSIGN_OR_RETURN(
        const auto found, puhui::issuing::FindCampaign(ledger_.engine().Latest(), campaign.text()));
    PUHUI_CHECK(found.has_value());
    if (found->row.state == puhui::issuing::CampaignState::kIssued) {
      if (found->row.rows_granted == members_.size()) return absl::OkStatus();
      return absl::InternalError(
          absl::StrCat(found->row.rows_refused, " rows of ", campaign.text(), " were refused"));
    }
    PUHUI_RETURN_IF_ERROR(ledger_.engine().accepting());
    std::this_thread::sleep_for(kLookEvery);
  }
}

}  // namespace puhui::bench
