// SPDX-License-Identifier: Apache-2.0
// The allocation table of docs/data-format/tables.md against the tables of the code.
#include "audit/access/access_rows.h"
#include "audit/index/index_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/points.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/period_rows.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/families.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/bank_account_rows.h"
#include "merchant/app/batch_rows.h"
#include "merchant/app/bill_rows.h"
#include "merchant/app/code_rows.h"
#include "merchant/app/device_rows.h"
#include "merchant/app/enrolment_rows.h"
#include "merchant/app/limit_rows.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/offer_figure_rows.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/payout_rows.h"
#include "merchant/app/rows.h"
#include "merchant/app/statement_rows.h"
#include "merchant/app/store_location_rows.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <ostream>
#include <regex>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace puhui {
namespace {

namespace codec = ledger::codec;

template <class T>
std::string ShapeOf();

// The shapes of a struct's fields, in order.
struct FieldShapes {
  std::vector<std::string> shapes;

  template <class... Ts>
  void operator()(Ts&... /*fields*/) {
    (shapes.push_back(Nested<Ts>()), ...);
  }
  template <class T>
  static std::string Nested() {
    return codec::Described<T> ? absl::StrCat("{", ShapeOf<T>(), "}") : ShapeOf<T>();
  }
};

template <class Integer>
std::string IntegerShape() {
  return absl::StrCat(std::is_signed_v<Integer> ? "i" : "u", 8 * sizeof(Integer));
}

template <class T>
std::string ShapeOf() {
  if constexpr (codec::Described<T>) {
    T row{};
    FieldShapes fields;
    row.Fields(fields);
    return absl::StrJoin(fields.shapes, " ");
  } else if constexpr (codec::Vector<T>) {
    return absl::StrCat("[", ShapeOf<typename T::value_type>(), "]");
  } else if constexpr (codec::Optional<T>) {
    return absl::StrCat("(", FieldShapes::Nested<typename T::value_type>(), ")?");
  } else if constexpr (codec::TextId<T> || std::is_same_v<T, std::string>) {
    return "text";
  } else if constexpr (codec::RawBytes<T>) {
    return absl::StrCat("b", std::tuple_size_v<T>);
  } else if constexpr (std::is_same_v<T, MemberId>) {
    return "member";
  } else if constexpr (std::is_same_v<T, absl::Time>) {
    return "time";
  } else if constexpr (std::is_same_v<T, absl::CivilDay>) {
    return "day";
  } else if constexpr (std::is_same_v<T, Points>) {
    return "points";
  } else if constexpr (std::is_same_v<T, BasisPoints>) {
    return "bp";
  } else if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (codec::Enumeration<T>) {
    return IntegerShape<codec::EnumBits<T>>();
  } else {
    static_assert(codec::Integer<T>, "tables.md has no word for this type");
    return IntegerShape<T>();
  }
}

// A table as the document shows it, without the names of its fields.
struct Line {
  std::string name;
  std::string family;
  std::string key;
  std::string value;
  friend bool operator==(const Line&, const Line&) = default;
};
void PrintTo(const Line& line, std::ostream* out) {
  *out << line.name << " | " << line.family << " | " << line.key << " | " << line.value;
}
using Lines = std::map<std::string, Line>;  // By the table's number.

template <class K, class V>
void AddTo(Lines* lines, const ledger::TypedTable<K, V>& table) {
  const auto number = absl::StrFormat("%02X", static_cast<unsigned>(table.id));
  const bool inserted =
      lines
          ->insert({number,
                    {table.name, ledger::kFamilyNames.at(ledger::IndexOf(table.family)),
                     ShapeOf<K>(), ShapeOf<V>()}})
          .second;
  EXPECT_TRUE(inserted) << "two tables have the number " << number;
}

Lines LinesOfTheCode() {
  Lines lines;
  const auto add = [&lines](const auto&... tables) { (AddTo(&lines, tables), ...); };
  using namespace issuing;   // NOLINT(google-build-using-namespace): three lists of names.
  using namespace merchant;  // NOLINT(google-build-using-namespace)
  add(ledger::kAppliedTable, ledger::kRequestTable, ledger::kAccountTable, ledger::kTotalTable,
      ledger::kWalletTable, ledger::kCardTable, ledger::kTermsTable, ledger::kHistoryTable,
      ledger::kActivityTable, ledger::kTimerTable, ledger::kForgottenTable,
      ledger::kCampaignFigureTable);
  add(ledger::kPeriodStandTable, ledger::kPeriodStartTable, ledger::kClosedPeriodTable);
  add(kUnionTable, kUnionIdTable, kFundingTable, kUnionFundingTable, kBankReferenceTable,
      kMemberTable, kUnionMemberTable, kCampaignTable, kCampaignIdTable, kPlanChunkTable,
      kPlanReasonTable, kRefusedRowTable, kPersonalDataTable, kIdNumberTable, kExternalIdTable,
      kIssuingCountTable, kPlanMemberTable, kUnionChildTable, kBudgetLineTable, kSearchEntryTable,
      kKeyRotationTable, kApplicationTable, kUnionApplicationTable, kRevealCountTable, kRevealTable,
      kUnionFigureTable, kRulePackTable, kRulePackVersionsTable, kReceivedTable, kClawBackTable,
      kClawedRowTable, kCampaignClawBackTable, kMandateTable, kIssuerSetTable,
      kIssuerSetNumberTable, kSubtreeSetTable, kParticipantTable);
  add(kMerchantTable, kMerchantIdTable, kStoreTable, kTerminalTable, kTerminalIdTable,
      kPurchaseTable, kTillTable, kTombstoneTable, kMerchantCountTable, kAuthorizationTable,
      kCaptureTable, kExpiringTable, kExpiringCountTable, kHeldTable, kBatchTable);
  add(kUsedCodeTable, kUsedCodeOrderTable, kCodeGuessTable, kCardGuessTable, kLimitTable,
      kVelocityTable, kDeviceTable, kMemberDeviceTable, kDeviceSecretTable, kEnrolmentCodeTable,
      kBillTable, kBillOrderTable, kTerminalBillsTable, kOpenDayTable, kStatementTable,
      kDayFiguresTable, kStatementLineTable, kDisputeTable);
  add(kBankAccountTable, kPayeeTable, kBankDataTable, kPayoutRunTable, kPaymentTable, kPayoutTable,
      kUnsettledDayTable, kBankMovementTable);
  add(kOfferTable, kOfferVersionTable, kOfferStockTable, kOfferUseTable, kNoticeTable);
  add(kMallTable, kMallTokenTable, kMemberMallTable, kMallOrderTable, kMallTransactionTable,
      kOfferFigureTable, kOfferParticipantTable);
  add(kOrderTable, kMemberOrderTable, kMerchantOrderTable, kVoucherTable, kVoucherGuessTable,
      kVoucherDigitTable, kDeliveryAddressTable, kOfferCodeTable, kOfferCodeCountTable,
      kOfferCodeHashTable);
  add(kStoreLocationTable);
  add(audit::kMarkTable, audit::kPostingsTable, audit::kMovementsTable, audit::kIndexTotalsTable,
      audit::kOwnersTable, audit::kTiledTable);
  return lines;
}

std::string WithoutNames(const std::string& shape) {
  static const std::regex* const name = new std::regex("[a-z0-9_]+:");
  return std::regex_replace(shape, *name, "");
}

std::string Plain(absl::string_view cell) {
  std::string text(absl::StripAsciiWhitespace(cell));
  text.erase(std::remove(text.begin(), text.end(), '`'), text.end());
  return text;
}

// Tests run in the root of the tree.
Lines LinesOfTheDocument() {
  std::ifstream file("docs/data-format/tables.md");
  Lines lines;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 8 || Plain(cells[1]).size() != 2) continue;
    const Line row{Plain(cells[2]), Plain(cells[3]), WithoutNames(Plain(cells[4])),
                   WithoutNames(Plain(cells[5]))};
    EXPECT_TRUE(lines.insert({Plain(cells[1]), row}).second) << line;
  }
  return lines;
}

// Of every enumerator, whether a table uses it or not.
std::set<std::string> NumbersOfTheEnumeration() {
  std::ifstream file("ledger/storage/tables.h");
  const std::regex enumerator("^ *k[A-Za-z]+ = 0x([0-9A-F]{2}),.*");
  std::set<std::string> numbers;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, match, enumerator)) numbers.insert(match[1].str());
  }
  return numbers;
}

TEST(TablesDocumentTest, ListsEveryTableWithTheShapesOfTheCode) {
  const Lines code = LinesOfTheCode();
  const Lines document = LinesOfTheDocument();
  for (const auto& [number, line] : code) {
    ASSERT_TRUE(document.contains(number)) << number << " is missing";
    EXPECT_EQ(document.at(number), line) << number;
  }
  EXPECT_EQ(document.size(), code.size());
}

TEST(TablesDocumentTest, ListsEveryNumberOfTheEnumeration) {
  std::set<std::string> listed;
  for (const auto& [number, line] : LinesOfTheDocument()) listed.insert(number);
  EXPECT_EQ(listed, NumbersOfTheEnumeration());
}

}  // namespace
}  // namespace puhui
