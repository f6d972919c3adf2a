// SPDX-License-Identifier: Apache-2.0
// The histories of merchants and terminals, of offers and of orders are what a look at every record
// says, after commands that are drawn at random.
#include "merchant/app/member_profiles.h"
#include "merchant/app/merchant_life_commands.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/order_commands.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/place_order_command.h"
#include "merchant/app/terminal_life_commands.h"
#include "services/ledger/reference.h"
#include "services/rpc/resource_name.h"
#include "tests/unit/services/audit/scanned_journal.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services::history_scan_test {
namespace {

namespace jv1 = journal::v1;
using merchant::FulfilmentKind;
using merchant::MerchantState;
using merchant::OfferState;
using merchant::OrderCall;
using merchant::TerminalState;

constexpr char kPerson[] = "people/li-1";

// Offers are for everybody.
class AnyProfile final : public merchant::MemberProfiles {
 public:
  absl::optional<merchant::MemberProfile> Read(MemberId /*member*/,
                                               const merchant::Audience& /*audience*/) override {
    return merchant::MemberProfile{};
  }
};

class HistoryScanTest : public PosTest {
 protected:
  // Its first record; none when it was refused, which is no matter here.
  template <class Command, class... Args>
  jv1::Record Do(Args&&... args) {
    auto outcome = ledger_.engine->Run(std::make_unique<Command>(std::forward<Args>(args)...),
                                       ledger::Priority::kInteractive);
    return outcome.ok() && !outcome->records().empty() ? outcome->first() : jv1::Record();
  }
  template <class T>
  const T& OneOf(const std::vector<T>& values) {
    return values[draws_.Below(values.size())];
  }
  merchant::TillState State() {
    return {.tables = tables_, .views = &ledger_.books.views, .profiles = &profiles_};
  }

  void ChangeMerchant() {
    const MerchantId id = *MerchantId::Parse(OneOf<std::string>({"m-1", "m-2"}), "id");
    switch (draws_.Below(4)) {
      case 0:
        Do<merchant::ChangeMerchantStateCommand>(
            tables_, merchant::ChangeMerchantStateCommand::Wish{.merchant = id,
                                                                .state = MerchantState::kSuspended,
                                                                .reason = "audit",
                                                                .person = kPerson});
        [[fallthrough]];  // Else most of what follows is refused.
      case 1:
        Do<merchant::ChangeMerchantStateCommand>(
            tables_, merchant::ChangeMerchantStateCommand::Wish{
                         .merchant = id, .state = MerchantState::kActive, .person = kPerson});
        break;
      case 2:
        Do<merchant::SetAgreementCommand>(
            tables_, merchant::SetAgreementCommand::Wish{
                         .merchant = id,
                         .agreement = {.fee = BasisPoints::FromStored(
                                           static_cast<std::uint32_t>(draws_.Below(300)))},
                         .person = kPerson});
        break;
      default:
        Do<merchant::ChangeTerminalStateCommand>(
            tables_, id, *TerminalId::Parse(OneOf<std::string>({"t-1", "t-2"}), "id"),
            OneOf<TerminalState>({TerminalState::kActive, TerminalState::kBlocked}));
    }
  }
  void WriteOffer() {
    const jv1::Record created = Do<merchant::CreateOfferCommand>(
        merchant::OfferDesk{.tables = tables_, .merchant_zone = absl::UTCTimeZone()},
        merchant::CreateOfferCommand::Wish{
            .merchant = *MerchantId::Parse(OneOf<std::string>({"m-1", "m-2"}), "id"),
            .content = {.title = "中秋月饼",
                        .kind = merchant::OfferKind::kItem,
                        .price = 3,
                        .window = {.last_day =
                                       absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone()) + 30},
                        .fulfilments = {FulfilmentKind::kPickUp, FulfilmentKind::kDelivery}},
            .stock = 20,
            .person = kPerson});
    if (!created.has_offer_created()) return;
    offers_.push_back(merchant::OfferNumber{created.offer_created().offer()});
    MoveOffer(offers_.back(), OfferState::kPublished);
  }
  void MoveOffer(merchant::OfferNumber offer, OfferState state) {
    Do<merchant::MoveOfferCommand>(
        tables_, merchant::MoveOfferCommand::Wish{
                     .offer = offer, .state = state, .reason = "sold", .person = kPerson});
  }
  void ChangeOffer() {
    if (offers_.size() < 4) return WriteOffer();
    const merchant::OfferNumber offer = OneOf(offers_);
    switch (draws_.Below(3)) {
      case 0:
        MoveOffer(offer, OfferState::kWithdrawn);
        [[fallthrough]];  // As above.
      case 1:
        MoveOffer(offer, OfferState::kPublished);
        break;
      default:
        Do<merchant::RestockOfferCommand>(
            tables_,
            merchant::RestockOfferCommand::Wish{.offer = offer, .change = 2, .person = kPerson});
    }
  }
  void PlaceOrder() {
    if (offers_.empty()) return;
    const merchant::OfferNumber offer = OneOf(offers_);
    const auto row = merchant::FindOffer(*ledger_.engine->Read(), offer);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    merchant::PlaceOrderCommand::Wish wish{
        .member = Buyer(),
        .offer = offer,
        .version = (*row)->version,
        .quantity = 2,
        .fulfilment = OneOf<FulfilmentKind>({FulfilmentKind::kPickUp, FulfilmentKind::kDelivery}),
        .voucher = vouchers_.DrawVoucher(),
        .authorization_code = "A1B2C3"};
    if (wish.fulfilment == FulfilmentKind::kPickUp) {
      wish.store = "s-1";
    } else {
      wish.address = vouchers_.SealAddress(Buyer(), {"张三", "13800000000", "厦门市思明区"});
    }
    const jv1::Record placed = Do<merchant::PlaceOrderCommand>(State(), std::move(wish));
    if (placed.has_entry()) orders_.push_back(placed.sequence());
  }
  void ChangeOrder() {
    if (orders_.empty() || draws_.Below(5) == 0) return PlaceOrder();
    const OrderCall call{.order = OneOf(orders_),
                         .merchant_id = OneOf<std::string>({"m-1", "m-2"}),
                         .person = kPerson};
    switch (draws_.Below(6)) {
      case 0:
        Do<merchant::AcceptOrderCommand>(State(), call, vouchers_.DrawVoucher());
        break;
      case 1:
        Do<merchant::ShipOrderCommand>(State(), call, "SF 1234567890");
        break;
      case 2:
        Do<merchant::FulfilOrderCommand>(State(), call);
        break;
      case 3:
        Do<merchant::ReturnOrderItemsCommand>(State(), call, 1U, "broken");
        break;
      case 4:
        Do<merchant::DeclineOrderCommand>(State(), call, "sold elsewhere");
        break;
      default:
        Do<merchant::CancelOrderCommand>(State(), OrderCall{.order = call.order, .member = Buyer()},
                                         "no more of it");
    }
  }

  // How many changes there were.
  template <class Takes>
  std::size_t ExpectHistory(const std::string& name, Takes takes);
  void ExpectMerchantsAndTerminals();
  void ExpectOffers();
  void ExpectOrders();
  MemberId Buyer() const { return *ParseMemberName(member_, "name"); }

  merchant::Tables* const tables_ = &ledger_.books.merchant;
  SeededRandom draws_{20'261'128};
  const merchant::OrderVault vouchers_{&lookup_, &draws_};
  AnyProfile profiles_;
  ScannedJournal scanned_;
  std::vector<merchant::OfferNumber> offers_;
  std::vector<Sequence> orders_;
};

template <class Takes>
std::size_t HistoryScanTest::ExpectHistory(const std::string& name, Takes takes) {
  SCOPED_TRACE(name);
  v1::GetHistoryRequest request;
  request.set_name(name);
  request.set_page_size(static_cast<int>(draws_.Below(12)) + 4);
  std::vector<Sequence> told;
  std::map<std::string, std::string> fields;
  do {
    const auto page = Ask(*audit_, &v1::AuditService::Stub::GetHistory, kAuditor, request);
    EXPECT_OK(page);
    if (!page.ok()) return 0;
    for (const v1::HistoryEntry& entry : page->entries()) {
      told.push_back(entry.sequence());
      for (const v1::FieldChange& change : entry.changes()) {
        EXPECT_EQ(fields[change.field()], change.before()) << change.field();
        fields[change.field()] = change.after();
      }
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(told, scanned_.Scan(scanned_.facts().size(), takes));
  return told.size();
}

void HistoryScanTest::ExpectMerchantsAndTerminals() {
  std::map<std::string, std::uint32_t> numbers;
  std::map<std::string, std::uint32_t> terminals;
  for (const jv1::Record& record : scanned_.RecordsUpTo(scanned_.facts().size())) {
    const jv1::MerchantRegistered& registered = record.merchant_registered();
    if (registered.number() != 0) numbers[registered.id()] = registered.number();
    const jv1::TerminalEnrolled& enrolled = record.terminal_enrolled();
    if (enrolled.number() == 0 || enrolled.merchant() != numbers["m-1"]) continue;
    terminals[enrolled.id()] = enrolled.number();
  }
  for (const auto& one : numbers) {
    const auto takes = [number = one.second](const jv1::Record& record) {
      return record.merchant_registered().number() == number ||
             record.merchant_state_changed().merchant() == number ||
             record.agreement_made().merchant() == number;
    };
    EXPECT_GT(ExpectHistory("merchants/" + one.first, takes), 10U);
  }
  for (const auto& one : terminals) {
    const auto takes = [number = one.second](const jv1::Record& record) {
      return record.terminal_enrolled().number() == number ||
             record.terminal_blocked().terminal() == number ||
             record.terminal_state_changed().terminal() == number;
    };
    EXPECT_GT(ExpectHistory("merchants/m-1/terminals/" + one.first, takes), 1U);
  }
}

void HistoryScanTest::ExpectOffers() {
  std::size_t changes = 0;
  for (const merchant::OfferNumber offer : offers_) {
    const auto number = static_cast<std::uint32_t>(offer);
    const auto takes = [number](const jv1::Record& record) {
      return record.offer_created().offer() == number || record.offer_moved().offer() == number ||
             record.offer_restocked().offer() == number;
    };
    changes += ExpectHistory(absl::StrCat("offers/", number), takes);
  }
  EXPECT_GT(changes, 20U);
}

void HistoryScanTest::ExpectOrders() {
  std::size_t changes = 0;
  for (const Sequence order : orders_) {
    const auto takes = [order](const jv1::Record& record) {
      const jv1::Entry& entry = record.entry();
      return record.sequence() == order || entry.capture().authorization() == order ||
             entry.voided().authorization() == order ||
             entry.authorization_expiry().authorization() == order ||
             entry.refund().purchase() == order || record.order_shipped().order() == order ||
             record.order_fulfilled().order() == order;
    };
    changes += ExpectHistory("orders/" + FormatReference(order), takes);
  }
  EXPECT_GT(orders_.size(), 10U);
  EXPECT_GT(changes, orders_.size() + 10);
}

TEST_F(HistoryScanTest, MerchantsOffersAndOrdersHaveTheHistoryOfAScan) {
  constexpr int kCommands = 400;
  for (int i = 0; i < kCommands; ++i) {
    const std::uint64_t what = draws_.Below(3);
    if (what == 0) ChangeMerchant();
    if (what == 1) ChangeOffer();
    if (what != 2) continue;
    ASSERT_NO_FATAL_FAILURE(ChangeOrder());
  }
  scanned_.ReadUpTo(*ledger_.engine->Read(), LastRecord());
  ExpectMerchantsAndTerminals();
  ExpectOffers();
  ExpectOrders();
}

}  // namespace
}  // namespace puhui::services::history_scan_test
