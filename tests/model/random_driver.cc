// SPDX-License-Identifier: Apache-2.0
#include "tests/model/random_driver.h"

#include "ledger/base/limits.h"
#include "ledger/engine/forgetting.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/queries.h"
#include "merchant/app/reverse_command.h"
#include "tests/model/model_names.h"
#include "tests/support/refusal_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace puhui::testing {
namespace {

constexpr std::size_t kRemembered = 64;

std::string BytesOf(const ledger::Outcome& outcome) {
  std::string bytes;
  for (const journal::v1::Record* record : outcome.records()) {
    bytes += record->SerializeAsString();
  }
  return bytes;
}

// The reason of a refusal, or of a decline; nothing when it was carried out.
Verdict ReasonOf(const absl::StatusOr<ledger::Outcome>& outcome) {
  if (!outcome.ok()) {
    const auto refusal = ledger::RefusalOf(outcome.status());
    return refusal.has_value() ? refusal->reason : ledger::Reason::kInternal;
  }
  if (outcome->empty() || !outcome->first().has_declined()) return absl::nullopt;
  return ledger::ReasonFromNumber(outcome->first().declined().reason());
}

std::string NameOf(const Verdict& verdict) {
  return verdict.has_value() ? std::string(ledger::ReasonName(*verdict)) : "OK";
}

std::uint32_t MerchantOf(std::uint32_t terminal) { return (terminal + 1) / 2; }

}  // namespace

SettlementSteps::Desk RandomDriver::DeskOf(LedgerUnderTest* ledger) {
  return {.ledger = ledger,
          .random = &random_,
          .run = [this](Make make) { return Run(std::move(make)); },
          .expect =
              [this](const Verdict& expected, const absl::StatusOr<ledger::Outcome>& outcome) {
                return Expect(expected, outcome);
              },
          .now = [this] { return NextTime(); }};
}

OrderSteps::Desk RandomDriver::OrderDeskOf(LedgerUnderTest* ledger) {
  return {DeskOf(ledger),
          &model_,
          &requests_,
          [this] { return AnyMember(); },
          [this] { return AnyCall(); },
          [this](const LedgerModel::TillCall& call) { return CallOf(call); },
          [this](MemberId member) { CompareMember(member); },
          [this] { return Till(); },
          [this](std::uint32_t of) { return UnionNumber{union_numbers_.at(of)}; }};
}

RandomDriver::RandomDriver(LedgerUnderTest* ledger, std::uint64_t seed)
    : ledger_(*ledger),
      random_(seed),
      settlement_(DeskOf(ledger), &model_,
                  [this](UnionNumber of) {
                    const auto at = std::find_if(
                        union_numbers_.begin(), union_numbers_.end(),
                        [of](const auto& known) { return UnionNumber{known.second} == of; });
                    return static_cast<std::uint32_t>(at->first);
                  }),
      payouts_(DeskOf(ledger)),
      malls_(this),
      orders_(OrderDeskOf(ledger)),
      market_(DeskOf(ledger), &model_,
              [this](std::uint32_t of) { return UnionNumber{union_numbers_.at(of)}; }) {
  // Half a minute off, so that no expiry, in whole minutes, falls on the very moment of a command.
  ledger_.clock().Advance(absl::Seconds(30));
  for (std::uint32_t number = 1; number <= kMerchants; ++number) {
    const MerchantId merchant = *MerchantId::Parse(absl::StrCat("m-", number), "id");
    const StoreId store = *StoreId::Parse("s-1", "id");
    const auto rate = static_cast<std::uint32_t>(random_.Below(1'500));
    model_.merchants[number] = {.category = number, .rate = rate};
    EXPECT_OK(Run([=, this] {
      return std::make_unique<merchant::RegisterMerchantCommand>(
          &ledger_.merchant(),
          merchant::RegisterMerchantCommand::Wish{
              .id = merchant, .category = number, .fee_rate = BasisPoints::FromStored(rate)});
    }));
    EXPECT_OK(Run([=, this] {
      return std::make_unique<merchant::CreateStoreCommand>(
          &ledger_.merchant(),
          merchant::CreateStoreCommand::Wish{.merchant = merchant, .id = store});
    }));
    // A store in a district, where the second terminal stands.
    const StoreId second = *StoreId::Parse("s-2", "id");
    const std::uint32_t region = RegionOfSecondStore(number);
    EXPECT_OK(Run([=, this] {
      return std::make_unique<merchant::CreateStoreCommand>(
          &ledger_.merchant(),
          merchant::CreateStoreCommand::Wish{.merchant = merchant, .id = second, .region = region});
    }));
    for (const std::uint32_t terminal : {2 * number - 1, 2 * number}) {
      const bool in_district = terminal == 2 * number;
      model_.terminals[terminal] = {.merchant = number, .region = in_district ? region : 0};
      EXPECT_OK(Run([=, this] {
        return std::make_unique<merchant::EnrollTerminalCommand>(
            &ledger_.merchant(), merchant::EnrollTerminalCommand::Wish{
                                     .merchant = merchant,
                                     .store = in_district ? second : store,
                                     .id = *TerminalId::Parse(absl::StrCat("t-", terminal), "id")});
      }));
    }
  }
}

void RandomDriver::Settle() {
  for (int i = 0; i < 40; ++i) CreateUnion();
  for (int i = 0; i < 60; ++i) Fund();
  for (int i = 0; i < 4; ++i) LoadPack();
  for (int i = 0; i < 6; ++i) SetPack();
  for (int i = 0; i < 40; ++i) Join();
  for (int i = 0; i < 10; ++i) CreateCampaign();
  for (int i = 0; i < 40; ++i) {
    UploadPlan();
    for (int j = 0; j < 4; ++j) Decide();
    IssueRows();
  }
}

void RandomDriver::Step() {
  if (random_.Below(60) == 0) return ChangeMandate();
  if (random_.Below(150) == 0) return ClosePeriod();
  if (random_.Below(24) == 0) return StepBesideTheTill();
  if (random_.Below(24) == 0) return malls_.Step();
  if (random_.Below(20) == 0) return random_.Below(2) == 0 ? CreateBill() : PayBill();
  if (random_.Below(8) == 0) return orders_.Step();
  if (random_.Below(16) == 0) return market_.Step();
  const std::uint64_t dice = random_.Below(147);
  if (dice >= 139) return payouts_.Step();
  if (dice >= 129) return settlement_.Step();
  if (dice >= 127) return GoOnWithClawBack();
  if (dice >= 125) return ProposeClawBack();
  if (dice == 124) return LoadPack();
  if (dice >= 122) return SetPack();
  if (dice >= 118) return Steer();
  if (dice >= 116) return ExpireApprovals();
  if (dice >= 114) return RotateKey();
  if (dice == 113) return Look();
  if (dice >= 111) return DecideApplication();
  if (dice >= 108) return Apply();
  if (dice >= 104) return ChangeUnion();
  if (dice >= 100) return MoveBudget();
  if (dice < 3) return CreateUnion();
  if (dice < 9) return Fund();
  if (dice < 14) return Join();
  if (dice < 17) return CreateCampaign();
  if (dice < 21) return UploadPlan();
  if (dice < 31) return Decide();
  if (dice < 37) return IssueRows();
  if (dice < 40) return SweepDue();
  if (dice < 42) return ExpireHolds();
  if (dice < 44) return ChangeMember();
  if (dice < 58) return random_.Below(4) == 0 ? PurchaseWithCode() : Purchase();
  if (dice < 68) return random_.Below(6) == 0 ? AuthorizeWithCode() : Authorize();
  if (dice < 75) return Capture();
  if (dice < 78) return Void();
  if (dice < 85) return Refund();
  if (dice < 91) return Reverse();
  if (dice < 95) return Repeat();
  ledger_.clock().Advance(absl::Minutes(static_cast<std::int64_t>(random_.Below(120))));
  if (random_.Below(20) == 0) Forget();
  if (random_.Below(4) == 0) ChangeMerchant();
  if (random_.Below(40) == 0) ChangeTerminal();
  if (random_.Below(2) == 0) ComeIn();
}

void RandomDriver::Purchase() {
  const LedgerModel::TillCall draft = AnyCall();
  const merchant::TillCall till = CallOf(draft);
  const absl::optional<MemberId> member = AnyMember();
  const std::uint64_t card = AnyCard(member);
  LedgerModel::Wish wish = AnyWish(member, draft.now);
  if (random_.Below(3) == 0) wish.offer = market_.AnyOffer();
  const auto outcome = Run([=, this] {
    merchant::SpendCommand::Wish with = SpendWishOf(wish);
    with.card = TagOf(card * 4 + 2);
    return std::make_unique<merchant::PurchaseCommand>(Till(), till, std::move(with));
  });
  ASSERT_OK(outcome);
  LedgerModel::TillCall call = draft;
  call.sequence = outcome->first().sequence();
  Expect(model_.Buy(call, card, wish), outcome);
  if (member.has_value()) CompareMember(*member);
}

void RandomDriver::Refund() {
  LedgerModel::TillCall call = AnyCall();
  const Sequence purchase = AnyPurchase();
  const auto at = model_.purchases.find(purchase);
  std::int64_t left = 10;
  if (at != model_.purchases.end()) {
    left = at->second.points - at->second.given_back;
    if (random_.Below(10) != 0) {
      std::get<0>(call.keys) =
          at->second.merchant * 2 - static_cast<std::uint32_t>(random_.Below(2));
    }
  }
  const auto points =
      static_cast<std::int64_t>(1 + random_.Below(static_cast<std::uint64_t>(left + left / 8 + 1)));
  absl::optional<std::size_t> line;
  if (random_.Below(3) == 0) line = random_.Below(5);
  const merchant::TillCall till = CallOf(call);
  const auto outcome = Run([=, this] {
    std::vector<merchant::LineRefund> lines;
    if (line.has_value()) lines.push_back({*line, points});
    return std::make_unique<merchant::RefundCommand>(Till(), till, purchase,
                                                     Points::FromStored(points), lines);
  });
  ASSERT_OK(outcome);
  call.sequence = outcome->first().sequence();
  Expect(model_.Refund(call, purchase, points, line), outcome);
  if (at != model_.purchases.end()) CompareMember(at->second.member);
}

void RandomDriver::Reverse() {
  LedgerModel::TillCall call = AnyCall();
  merchant::ReverseCommand::Original original;
  std::uint64_t request = 0;
  if (random_.Below(2) == 0) {
    // Now and then one that has not arrived yet.
    request = random_.Below(3) == 0 ? call.request + 1 + random_.Below(5)
                                    : call.request - random_.Below(std::min(call.request, {30}));
    original.request_id = RequestOf(request).request_id;
  } else {
    original.batch_number = AnyBatch();
    original.trace_number =
        random_.Below(3) == 0
            ? traces_ + 1 + static_cast<std::uint32_t>(random_.Below(5))
            : traces_ -
                  static_cast<std::uint32_t>(random_.Below(std::min<std::uint64_t>(traces_, 30)));
  }
  const merchant::TillCall till = CallOf(call);
  const auto outcome =
      Run([=, this] { return std::make_unique<merchant::ReverseCommand>(Till(), till, original); });
  ASSERT_OK(outcome);
  call.sequence = outcome->first().sequence();
  Expect(request != 0 ? model_.ReverseByRequest(call, request)
                      : model_.ReverseByKeys(call, original.batch_number, original.trace_number),
         outcome);
}

// The first outcome wins, byte for byte, also after a restart; another body is refused.
void RandomDriver::Repeat() {
  if (done_.empty()) return;
  const Done& done = done_[random_.Below(done_.size())];
  std::unique_ptr<ledger::Command> command = done.make();
  const bool same_body = random_.Below(4) != 0;
  command->request = RequestOf(done.request, same_body ? 0 : 1);
  const auto outcome = ledger_.Run(std::move(command));
  if (same_body) {
    ASSERT_OK(outcome);
    EXPECT_EQ(BytesOf(*outcome), done.bytes);
  } else {
    EXPECT_THAT(outcome, Refuses(ledger::Reason::kRequestIdReused, "request_id"));
  }
}

// As the chore does it. An id that may be gone is not used again.
void RandomDriver::Forget() {
  ledger::RequestForgetting forgetting(&ledger_.views(), /*others=*/nullptr);
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto timer, forgetting.Standing(ledger_.store()));
    if (!timer.has_value() || timer->due > ledger_.clock().Now()) break;
    ASSERT_OK_AND_ASSIGN(const auto chore, forgetting.Begin(*timer, ledger_.store()));
    ASSERT_OK_AND_ASSIGN(auto command, chore->Next(ledger_.store()));
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, ledger_.Run(std::move(command)));
    last_time_ = absl::FromUnixMicros(outcome.first().time_micros());
    const Sequence next = outcome.first().requests_forgotten().next_sequence();
    std::erase_if(model_.requests, [next](const auto& call) { return call.second.second < next; });
  }
  std::erase_if(done_, [this](const Done& done) {
    return done.time + kRequestsKeptFor <= ledger_.clock().Now();
  });
}

absl::StatusOr<ledger::Outcome> RandomDriver::Run(Make make) {
  std::unique_ptr<ledger::Command> command = make();
  command->request = RequestOf(++requests_);
  absl::StatusOr<ledger::Outcome> outcome = ledger_.Run(std::move(command));
  if (!outcome.ok() || outcome->empty()) return outcome;
  settlement_.Note(*outcome);
  last_time_ = absl::FromUnixMicros(outcome->records().back()->time_micros());
  Done done{.request = requests_,
            .time = last_time_,
            .make = std::move(make),
            .bytes = BytesOf(*outcome)};
  if (done_.size() < kRemembered) {
    done_.push_back(std::move(done));
  } else {
    done_[random_.Below(kRemembered)] = std::move(done);
  }
  return outcome;
}

bool RandomDriver::Expect(const Verdict& expected, const absl::StatusOr<ledger::Outcome>& outcome) {
  EXPECT_EQ(NameOf(ReasonOf(outcome)), NameOf(expected)) << outcome.status();
  ++(expected.has_value() ? refused_[*expected] : carried_out_);
  return outcome.ok() && !expected.has_value();
}

absl::Time RandomDriver::NextTime() const {
  return std::max(ledger_.clock().Now(), last_time_ + absl::Microseconds(1));
}

std::uint32_t RandomDriver::AnyCampaign() {
  // Mostly a late one; now and then none.
  const auto count = static_cast<std::uint32_t>(model_.campaigns.size());
  if (count == 0 || random_.Below(50) == 0) return count + 7;
  return count - static_cast<std::uint32_t>(random_.Below(std::min<std::uint64_t>(count, 12)));
}

absl::optional<MemberId> RandomDriver::AnyMember() {
  if (members_.empty()) return absl::nullopt;
  return members_[random_.Below(members_.size())];
}

Sequence RandomDriver::AnyPurchase() {
  const std::size_t count = model_.purchases.size();
  if (count == 0 || random_.Below(30) == 0) return 1;
  const auto back = 1 + random_.Below(std::min<std::uint64_t>(count, 20));
  return std::prev(model_.purchases.end(), static_cast<std::ptrdiff_t>(back))->first;
}

std::string RandomDriver::AnyPerson() { return absl::StrCat("person-", random_.Below(4)); }

LedgerModel::TillCall RandomDriver::AnyCall() {
  const auto terminal = static_cast<std::uint32_t>(1 + random_.Below(kTerminals));
  const bool used = traces_ > 0 && random_.Below(20) == 0;
  const std::uint32_t trace =
      used ? traces_ - static_cast<std::uint32_t>(random_.Below(std::min(traces_, 20U)))
           : ++traces_;
  return {.keys = {terminal, AnyBatch(), trace}, .request = requests_ + 1, .now = NextTime()};
}

merchant::TillCall RandomDriver::CallOf(const LedgerModel::TillCall& call) const {
  const auto [terminal, batch, trace] = call.keys;
  return {.merchant_id = absl::StrCat("m-", MerchantOf(terminal)),
          .terminal_id = absl::StrCat("t-", terminal),
          .batch_number = batch,
          .trace_number = trace,
          .local_time = absl::UnixEpoch()};
}

merchant::TillState RandomDriver::Till() {
  return {
      .tables = &ledger_.merchant(), .views = &ledger_.views(), .profiles = market_.ProfilesNow()};
}

void RandomDriver::ExpireEverything() {
  for (int round = 0; round < 3; ++round) {
    // The running ones first: what they grant expires too.
    for (int i = 0; i < 500; ++i) IssueRows();
    ledger_.clock().Advance(absl::Hours(24 * 31));
    while (std::any_of(model_.members.begin(), model_.members.end(),
                       [](const auto& member) { return !member.second.holds.empty(); })) {
      ExpireHolds();
    }
    SweepDue();
    Forget();
  }
  const absl::Time oldest = ledger_.clock().Now() - kRequestsKeptFor - kForgetRequestsEvery;
  EXPECT_OK(ledger::Scan(
      ledger_.store(), ledger::kRequestTable, {},
      [&](const ledger::Tag& /*key*/, const ledger::RequestRow& row) -> absl::StatusOr<bool> {
        EXPECT_GT(row.time, oldest);
        return true;
      }));
  for (const auto& [id, member] : model_.members) EXPECT_TRUE(member.lots.empty());
  CompareAll();
}

}  // namespace puhui::testing
