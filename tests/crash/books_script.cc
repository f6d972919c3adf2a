// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/books_script.h"

#include "issuing/app/approval_commands.h"
#include "issuing/app/budget_commands.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/issue_run.h"
#include "issuing/app/member_commands.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "issuing/app/run_commands.h"
#include "issuing/app/union_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_commands.h"
#include "merchant/app/device_commands.h"
#include "merchant/app/device_rows.h"
#include "merchant/app/limit_commands.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/reverse_command.h"
#include "merchant/app/till_commands.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <utility>

namespace puhui::testing {
namespace {

const absl::Time kFounded = absl::FromUnixSeconds(1'735'689'600);
constexpr std::uint32_t kShopCategory = 5411;
constexpr std::uint32_t kDeviceNumber = 77;
constexpr char kSealedSecret[] = "a sealed secret";
constexpr char kNewMobile[] = "13900000009";

template <class Id>
Id Named(absl::string_view text) {
  auto id = Id::Parse(text, "id");
  PUHUI_CHECK_OK(id.status());
  return *std::move(id);
}
UnionId TheUnion() { return Named<UnionId>("fh-1"); }
CampaignId TheCampaign() { return Named<CampaignId>("spring"); }
MerchantId TheShop() { return Named<MerchantId>("m-1"); }

template <class C>
absl::Status Do(ledger::Engine& engine, std::unique_ptr<C> command) {
  return engine.Run(std::move(command), ledger::Priority::kInteractive).status();
}

merchant::TillState TillsOf(services::Books& books) {
  return {.tables = &books.merchant, .views = &books.views, .places = books.places()};
}
merchant::TillCall CallOf(std::uint32_t trace_number) {
  return {.merchant_id = TheShop().text(),
          .terminal_id = "t-1",
          .batch_number = 1,
          .trace_number = trace_number,
          .local_time = kFounded};
}
merchant::SpendCommand::Wish SpendOf(const issuing::NewMember& payer, std::int64_t points) {
  return {.card = payer.card, .points = Points::FromStored(points), .authorization_code = "ABC123"};
}

}  // namespace

BooksScript::BooksScript()
    : keyed_hash_(std::string(32, 'h')),
      vault_({.key = std::string(32, 'v'), .keyed_hash = &keyed_hash_, .random = &random_}) {}

issuing::NewMember BooksScript::Person(int number) {
  return vault_.Seal(home_,
                     {.external_id = absl::StrCat("E", number),
                      .full_name = absl::StrCat("会员", number),
                      .id_number = absl::StrFormat("1101051949123100%02d", number),
                      .mobile = absl::StrFormat("139%08d", number)},
                     kFounded);
}

absl::Status BooksScript::Found(ledger::Engine& engine, services::Books& books) {
  PUHUI_RETURN_IF_ERROR(FoundUnion(engine, books));
  PUHUI_RETURN_IF_ERROR(ApproveCampaign(engine, books));
  PUHUI_RETURN_IF_ERROR(OpenShop(engine, books));
  ChangeOfMember();
  AddIssuingSteps();
  AddTillSteps();
  return absl::OkStatus();
}

absl::Status BooksScript::FoundUnion(ledger::Engine& engine, services::Books& books) {
  PUHUI_RETURN_IF_ERROR(Do(engine, std::make_unique<issuing::CreateUnionCommand>(
                                       &books.issuing, issuing::CreateUnionCommand::Wish{
                                                           .id = TheUnion(),
                                                           .kind = 1,
                                                           .display_name = "总工会",
                                                           .time_zone = "Asia/Shanghai"})));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome proposed,
                         engine.Run(std::make_unique<issuing::ProposeFundingCommand>(
                                        &books.issuing,
                                        issuing::ProposeFundingCommand::Wish{
                                            .union_id = TheUnion(),
                                            .points = Points::FromStored(10 * kGranted),
                                            .bank_reference = "bank-1",
                                            .person = "maker"}),
                                    ledger::Priority::kInteractive));
  PUHUI_RETURN_IF_ERROR(
      Do(engine, std::make_unique<issuing::ConfirmFundingCommand>(
                     &books.issuing, &books.views,
                     issuing::ConfirmFundingCommand::Wish{.union_id = TheUnion(),
                                                          .proposal = proposed.first().sequence(),
                                                          .person = "checker"})));
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(engine.Latest(), TheUnion().text()));
  PUHUI_CHECK(of.has_value());
  home_ = {of->number, of->number};
  for (int number = 0; number < 3; ++number) members_.push_back(Person(number));
  return Do(engine, std::make_unique<issuing::CreateMembersCommand>(
                        &books.issuing, &books.views,
                        issuing::CreateMembersCommand::Wish{.union_id = TheUnion(),
                                                            .rows = {members_[0], members_[1]}}));
}

absl::Status BooksScript::ApproveCampaign(ledger::Engine& engine, services::Books& books) {
  ledger::Terms terms{.expiry = kFounded + absl::Hours(24 * 365), .categories = {kShopCategory}};
  terms.day_cap = Points::FromStored(2 * kGranted);
  terms.earmark = {.share = BasisPoints::FromStored(3'000), .categories = {kShopCategory}};
  PUHUI_RETURN_IF_ERROR(Do(engine, std::make_unique<issuing::CreateCampaignCommand>(
                                       &books.issuing, issuing::CreateCampaignCommand::Wish{
                                                           .id = TheCampaign(),
                                                           .union_id = TheUnion(),
                                                           .display_name = "春节",
                                                           .occasion = "spring-festival",
                                                           .terms = terms,
                                                           .person = "maker"})));
  PUHUI_RETURN_IF_ERROR(Do(
      engine, std::make_unique<issuing::StartPlanCommand>(
                  &books.issuing,
                  issuing::StartPlanCommand::Wish{.campaign = TheCampaign(), .person = "maker"})));
  const auto find = [&engine] {
    return issuing::FindCampaign(engine.Latest(), TheCampaign().text());
  };
  PUHUI_ASSIGN_OR_RETURN(const auto begun, find());
  PUHUI_CHECK(begun.has_value() && begun->row.upload.has_value());
  campaign_ = begun->number;
  plan_version_ = begun->row.upload->version;
  issuing::AddPlanRowsCommand::Wish rows{.campaign = campaign_, .version = plan_version_};
  for (const issuing::NewMember& member : {members_[0], members_[1]}) {
    issuing::AppendPlanRow(member.member, Points::FromStored(kGranted), &rows.rows);
  }
  PUHUI_RETURN_IF_ERROR(
      Do(engine, std::make_unique<issuing::AddPlanRowsCommand>(&books.issuing, std::move(rows))));
  PUHUI_RETURN_IF_ERROR(Do(engine, std::make_unique<issuing::CompletePlanCommand>(
                                       &books.issuing, campaign_, plan_version_)));
  PUHUI_ASSIGN_OR_RETURN(const auto planned, find());
  PUHUI_RETURN_IF_ERROR(Do(
      engine,
      std::make_unique<issuing::SubmitCampaignCommand>(
          &books.issuing, &books.views,
          issuing::SubmitCampaignCommand::Wish{
              .campaign = TheCampaign(), .plan_hash = planned->row.plan.hash, .person = "maker"})));
  return Do(engine, std::make_unique<issuing::ApproveCampaignCommand>(
                        &books.issuing, &books.views,
                        issuing::ApproveCampaignCommand::Wish{.campaign = TheCampaign(),
                                                              .plan_hash = planned->row.plan.hash,
                                                              .person = "checker"}));
}

absl::Status BooksScript::OpenShop(ledger::Engine& engine, services::Books& books) {
  auto* tables = &books.merchant;
  PUHUI_RETURN_IF_ERROR(Do(engine, std::make_unique<merchant::RegisterMerchantCommand>(
                                       tables, merchant::RegisterMerchantCommand::Wish{
                                                   .id = TheShop(),
                                                   .display_name = "超市",
                                                   .category = kShopCategory,
                                                   .fee_rate = BasisPoints::FromStored(137)})));
  const auto store = Named<StoreId>("s-1");
  PUHUI_RETURN_IF_ERROR(
      Do(engine, std::make_unique<merchant::CreateStoreCommand>(
                     tables, merchant::CreateStoreCommand::Wish{
                                 .merchant = TheShop(), .id = store, .display_name = "店"})));
  PUHUI_RETURN_IF_ERROR(
      Do(engine,
         std::make_unique<merchant::EnrollTerminalCommand>(
             tables, merchant::EnrollTerminalCommand::Wish{
                         .merchant = TheShop(), .store = store, .id = Named<TerminalId>("t-1")})));
  return Do(engine, std::make_unique<merchant::SetLimitsCommand>(
                        TillsOf(books), merchant::SetLimitsCommand::Wish{
                                            .target = {.subject = merchant::LimitSubject::kMember},
                                            .limits = {{.window = merchant::LimitWindow::kDay,
                                                        .count_max = 100,
                                                        .points_max = 2 * kGranted}},
                                            .person = "operator"}));
}

// Sealed once: a call that is repeated brings the same bytes.
void BooksScript::ChangeOfMember() {
  const issuing::NewMember& member = members_[0];
  auto opened = vault_.Open(member.member, member.personal_data);
  PUHUI_CHECK_OK(opened.status());
  opened->data.mobile = kNewMobile;
  change_.sealed = vault_.Reseal(member.member, home_, opened->data);
}

BooksScript::MakeCommand BooksScript::GrantOf(std::size_t row) const {
  return [this, row](services::Books& books) {
    issuing::PlanPiece piece{.campaign = campaign_, .version = plan_version_, .first_row = row};
    issuing::AppendPlanRow(members_[row].member, Points::FromStored(kGranted), &piece.rows);
    return std::make_unique<issuing::IssueChunkCommand>(&books.issuing, &books.views,
                                                        std::move(piece));
  };
}

void BooksScript::AddIssuingSteps() {
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<issuing::CreateMembersCommand>(
        &books.issuing, &books.views,
        issuing::CreateMembersCommand::Wish{.union_id = TheUnion(), .rows = {members_[2]}});
  });
  steps_.push_back([](services::Books& books) {
    return std::make_unique<issuing::StartIssueCommand>(
        &books.issuing, &books.views,
        issuing::StartIssueCommand::Wish{.campaign = TheCampaign(), .person = "maker"});
  });
  steps_.push_back(GrantOf(0));
  steps_.push_back(GrantOf(1));
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<issuing::UpdateMemberCommand>(
        &books.issuing, issuing::MemberRef{.member = members_[0].member, .of = home_.of},
        issuing::UpdateMemberCommand::Wish{.data = change_, .fields = {"mobile"}});
  });
}

void BooksScript::AddTillSteps() {
  purchase_ = steps_.size();
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<merchant::PurchaseCommand>(TillsOf(books), CallOf(1),
                                                       SpendOf(members_[0], 137));
  });
  authorization_ = steps_.size();
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<merchant::AuthorizeCommand>(TillsOf(books), CallOf(2),
                                                        SpendOf(members_[1], 300), absl::Hours(1));
  });
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<merchant::EnrolDeviceCommand>(
        TillsOf(books), merchant::EnrolDeviceCommand::Wish{.member = members_[1].member,
                                                           .numbers = {kDeviceNumber},
                                                           .sealed_secret = kSealedSecret});
  });
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<merchant::CaptureCommand>(
        TillsOf(books), CallOf(3), came_to_[authorization_], Points::FromStored(kPaid - 137));
  });
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<merchant::RefundCommand>(TillsOf(books), CallOf(4), came_to_[purchase_],
                                                     Points::FromStored(kRefunded));
  });
  steps_.push_back([this](services::Books& books) {
    return std::make_unique<merchant::PurchaseCommand>(TillsOf(books), CallOf(5),
                                                       SpendOf(members_[0], 200));
  });
  steps_.push_back([](services::Books& books) {
    return std::make_unique<merchant::ReverseCommand>(
        TillsOf(books), CallOf(6),
        merchant::ReverseCommand::Original{.batch_number = 1, .trace_number = 5});
  });
}

absl::StatusOr<std::string> BooksScript::Run(std::size_t step, ledger::Engine& engine,
                                             services::Books& books) {
  std::unique_ptr<ledger::Command> command = steps_.at(step)(books);
  command->request =
      ledger::RequestIdentity{.caller = "/desk", .request_id = absl::StrFormat("%016d", step)};
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kInteractive));
  if (outcome.first().has_declined()) {
    return absl::InternalError(absl::StrCat("step ", step, " was declined"));
  }
  came_to_[step] = outcome.first().sequence();
  std::string bytes;
  for (const journal::v1::Record* record : outcome.records()) bytes += record->SerializeAsString();
  return bytes;
}

void BooksScript::ExpectVault(const ledger::Readable& store) const {
  for (std::size_t at = 0; at < members_.size(); ++at) {
    const MemberId member = members_[at].member;
    ASSERT_OK_AND_ASSIGN(const auto row, ledger::Find(store, issuing::kMemberTable, member));
    ASSERT_OK_AND_ASSIGN(const auto sealed,
                         ledger::Find(store, issuing::kPersonalDataTable, member));
    ASSERT_TRUE(row.has_value() && sealed.has_value()) << at;
    ASSERT_OK_AND_ASSIGN(const issuing::OpenedData opened, vault_.Open(member, *sealed));
    EXPECT_EQ(opened.commitment, row->commitment) << at;
    EXPECT_EQ(opened.data.external_id, absl::StrCat("E", at));
    EXPECT_EQ(opened.data.mobile == kNewMobile, at == 0) << at;
  }
  ASSERT_OK_AND_ASSIGN(const auto secret,
                       ledger::Find(store, merchant::kDeviceSecretTable, kDeviceNumber));
  EXPECT_EQ(secret, kSealedSecret);
}

}  // namespace puhui::testing
