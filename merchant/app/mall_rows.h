// SPDX-License-Identifier: Apache-2.0
// The rows of outside malls, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_MALL_ROWS_H_
#define PUHUI_MERCHANT_APP_MALL_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/core/purchase.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

enum class MallState : std::uint8_t { kActive = 1, kBlocked = 2 };  // Stored; as puhui.v1.

struct MallLimits {
  std::int64_t payment_max = 0;  // Points of one payment.
  std::int64_t day_max = 0;      // Points of the payments of a civil day of China.

  template <class F>
  void Fields(F& f) {
    f(payment_max, day_max);
  }
  friend bool operator==(const MallLimits&, const MallLimits&) = default;
};

struct MallRow {
  TerminalNumber terminal{};
  MallState state = MallState::kActive;
  MallLimits limits{};
  std::uint32_t calls = 0;  // The trace number of the last one.
  absl::CivilDay day{};     // Of the last payment,
  std::int64_t paid = 0;    // and what was paid on it.
  std::uint32_t links = 0;
  absl::Time enable_time{};

  std::int64_t PaidOn(absl::CivilDay on) const { return on == day ? paid : 0; }
  template <class F>
  void Fields(F& f) {
    f(terminal, state, limits, calls, day, paid, links, enable_time);
  }
};

// Who linked which mall: what its token stands for.
struct MallLinkRow {
  MemberId member{};
  MerchantNumber merchant{};

  template <class F>
  void Fields(F& f) {
    f(member, merchant);
  }
};

struct MallLink {
  MerchantNumber merchant{};
  ledger::Tag token{};  // Keyed hash.
  absl::Time link_time{};

  template <class F>
  void Fields(F& f) {
    f(merchant, token, link_time);
  }
};

// In the order in which they were linked, each merchant once.
struct MemberMalls {
  std::vector<MallLink> links{};

  std::size_t HeapBytes() const { return links.capacity() * sizeof(MallLink); }
  template <class F>
  void Fields(F& f) {
    f(links);
  }
};

enum class MallOrderKind : std::uint8_t { kPayment = 1, kRefund = 2 };  // Stored.

// A mall's own number: of an order that was paid, or of a refund.
struct MallOrderKey {
  MerchantNumber merchant{};
  MallOrderKind kind{};
  std::string number{};

  template <class F>
  void Fields(F& f) {
    f(merchant, kind, number);
  }
  friend bool operator==(const MallOrderKey&, const MallOrderKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const MallOrderKey& key) {
    return H::combine(std::move(hash), key.merchant, key.kind, key.number);
  }
};

struct MallOrderRow {
  Sequence sequence = 0;  // Of the record.
  Sequence purchase = 0;  // Paid, or given back of: of a payment the same.
  std::int64_t points = 0;
  ledger::Tag token{};              // Of a payment: keyed hash of what it was paid with.
  std::vector<LineRefund> lines{};  // Of a refund of a basket: to which lines.

  std::size_t HeapBytes() const { return lines.capacity() * sizeof(LineRefund); }
  template <class F>
  void Fields(F& f) {
    f(sequence, purchase, points, token, lines);
  }
};

struct MallTransactionKey {
  MerchantNumber merchant{};
  absl::CivilDay day{};  // Of the merchant's business days.
  Sequence sequence = 0;

  template <class F>
  void Fields(F& f) {
    f(merchant, day, sequence);
  }
};

struct MallTransactionRow {
  MallOrderKind kind{};
  std::string number{};        // The mall's own.
  std::string order_number{};  // Of a refund: of what.
  std::int64_t points = 0;
  absl::Time time{};

  template <class F>
  void Fields(F& f) {
    f(kind, number, order_number, points, time);
  }
};

// A merchant has one mall.
inline constexpr ledger::TypedTable<MerchantNumber, MallRow> kMallTable{
    ledger::Table::kMalls, ledger::Family::kState, "malls"};
inline constexpr ledger::TypedTable<ledger::Tag, MallLinkRow> kMallTokenTable{
    ledger::Table::kMallTokens, ledger::Family::kState, "mall tokens"};
inline constexpr ledger::TypedTable<MemberId, MemberMalls> kMemberMallTable{
    ledger::Table::kMemberMalls, ledger::Family::kState, "member malls"};
inline constexpr ledger::TypedTable<MallOrderKey, MallOrderRow> kMallOrderTable{
    ledger::Table::kMallOrders, ledger::Family::kState, "mall orders"};
inline constexpr ledger::TypedTable<MallTransactionKey, MallTransactionRow> kMallTransactionTable{
    ledger::Table::kMallTransactions, ledger::Family::kIndex, "mall transactions"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MALL_ROWS_H_
