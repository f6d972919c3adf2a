// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_TABLES_H_
#define PUHUI_LEDGER_STORAGE_TABLES_H_

#include "ledger/storage/store.h"

#include <cstdint>

namespace puhui::ledger {

// The first byte of every key but the journal's own: the allocation table. A number belongs to one
// table for ever and is never used again after its table is gone, so old bytes can never be read as
// something else.
enum class Table : std::uint8_t {
  // kMeta: the last sequence whose effects are in the views. A release that keeps other rows takes
  // a number that was never used here: recovery then does not find what an earlier one left, and
  // folds everything again. 0x01 and 0x10 to 0x17 were earlier ones.
  kApplied = 0x18,
  // ledger/engine
  kRequests = 0x02,         // kState: caller and request id → the records that answered.
  kAccounts = 0x03,         // kState: account → balance.
  kTotals = 0x04,           // kState: kind and origin → sum of the balances.
  kWallets = 0x05,          // kState: member → wallet.
  kCards = 0x06,            // kState: keyed hash of a card number → member.
  kTerms = 0x07,            // kState: campaign → terms.
  kAccountHistory = 0x08,   // kIndex: account and sequence → balance.
  kActivity = 0x09,         // kIndex: member and sequence → what happened to the wallet.
  kTimers = 0x0A,           // kIndex: time, kind and reference of work that is due.
  kForgotten = 0x0B,        // kState: how far kRequests has been thinned out.
  kCampaignFigures = 0x0C,  // kState: campaign → what became of its points.
  // issuing/app
  kUnions = 0x20,          // kState
  kUnionIds = 0x21,        // kState
  kFundings = 0x22,        // kState: sequence of the proposal → funding.
  kBankReferences = 0x23,  // kState
  kMembers = 0x24,         // kState
  kUnionMembers = 0x25,    // kIndex: union and member.
  kCampaigns = 0x26,       // kState
  kCampaignIds = 0x27,     // kState
  kPlanChunks = 0x28,      // kIndex: campaign, version and chunk → rows.
  kRefusedRows = 0x29,     // kIndex: campaign and row → reason.
  kPersonalData = 0x2A,    // kVault: member → sealed personal data.
  kIdNumbers = 0x2B,       // kVault: keyed hash of an identity document → member.
  kExternalIds = 0x2C,     // kVault: keyed hash of a union and its own number → member.
  kIssuingCounts = 0x2D,   // kState: how many unions, campaigns and issuer sets there are.
  kPlanMembers = 0x2E,     // kState: campaign and member → version of the plan that names them.
  kUnionChildren = 0x2F,   // kIndex: parent and child.
  kBudgetLines = 0x30,     // kState: union, sum and origin → points.
  kUnionFundings = 0x31,   // kIndex: union and funding.
  kSearchEntries = 0x34,   // kVault: keyed hash of what is searched for and member.
  kKeyRotations = 0x35,    // kState: the last rotation of the vault's key.
  kApplications = 0x36,    // kState: sequence of the submission → application.
  kUnionApplications = 0x37,  // kIndex: union and application.
  kUnionFigures = 0x38,       // kState: union → what became of its campaigns' points.
  kRulePacks = 0x39,          // kState: id and version → rule pack.
  kRulePackVersions = 0x3A,   // kState: id → its versions.
  kReceived = 0x3B,           // kState: member and year → what was received for which occasion.
  kClawBacks = 0x3C,          // kState: sequence of the proposal → claw-back.
  kClawedRows = 0x3D,         // kIndex: claw-back and row → what was taken.
  kCampaignClawBacks = 0x3E,  // kIndex: campaign and claw-back.
  kPlanReasons = 0x3F,        // kIndex: campaign, version and chunk → reasons.
  // merchant/app
  kMerchants = 0x40,       // kState
  kMerchantIds = 0x41,     // kState
  kStores = 0x42,          // kState
  kTerminals = 0x43,       // kState
  kTerminalIds = 0x44,     // kState
  kPurchases = 0x45,       // kState: sequence → purchase.
  kTillKeys = 0x46,        // kState: terminal, batch and trace number → what became of the call.
  kTombstones = 0x47,      // kState: caller and request id → sequence of the reversal.
  kMerchantCounts = 0x48,  // kState: how many merchants and terminals there are.
  kAuthorizations = 0x49,  // kState: sequence → authorisation.
  kCaptures = 0x4A,        // kState: sequence of a capture → that of its authorisation.
  kExpiring = 0x4B,        // kIndex: time and sequence of an authorisation that is held.
  kExpiringCounts = 0x4C,  // kState: time → how many of them expire then.
  kMerchantHolds = 0x4D,   // kState: merchant → how many of its authorisations are held.
  kEnrolmentCodes = 0x4E,  // kState: merchant and terminal's id → the last code made for it.
  kUsedCodes = 0x52,       // kState: keyed hash of a payment code → until when it was good.
  kUsedCodeOrder = 0x53,   // kState: how many were used before → the code.
  kCodeGuesses = 0x54,     // kState: terminal → its codes that did not exist.
  kLimits = 0x55,          // kState: whom they are for → velocity limits.
  kVelocities = 0x56,      // kState: the same → what was paid lately.
  kDevices = 0x57,         // kState: number → device that computes payment codes.
  kMemberDevices = 0x58,   // kState: member → devices.
  kBatches = 0x59,         // kState: terminal and batch number → what the batch comes to.
  kBills = 0x5A,           // kState: sequence → bill.
  kBillOrder = 0x5B,       // kState: terminal and how many bills it presented before → the bill.
  kTerminalBills = 0x5C,   // kState: terminal → how many bills it presented, and are forgotten.
  kCardGuesses = 0x5D,     // kState: terminal → its card numbers that did not exist.
  kDeviceSecrets = 0x60,   // kVault: number → sealed secret.
  kOpenDays = 0x61,        // kState: merchant → its business day that is running.
  kStatements = 0x62,      // kState: merchant and business day → statement.
  kDayFigures = 0x63,      // kState: merchant, business day, origin and campaign → its points.
  kStatementLines = 0x64,  // kIndex: merchant and sequence → the lines before it.
  kDisputes = 0x65,        // kState: merchant, business day and line → dispute.
  kBankAccounts = 0x68,    // kIndex: merchant and number → bank account.
  kPayees = 0x69,          // kState: merchant → what it is paid to, and what days fell short by.
  kBankData = 0x6A,        // kVault: commitment → sealed account number, holder and bank.
  kPayoutRuns = 0x6B,      // kIndex: number → payout run.
  kPayments = 0x6C,        // kIndex: run and payment → payment.
  kPayouts = 0x6D,         // kState: merchant and business day → what is paid of it.
  kUnsettledDays = 0x6E,   // kIndex: merchant and business day that is in no run and not paid.
  kBankMovements = 0x6F,   // kState: reference of the bank → the payment that it corrected.
  kOffers = 0x70,          // kState: number → offer.
  kOfferVersions = 0x71,   // kIndex: merchant, offer and version → the record that says so.
  kOfferStocks = 0x72,     // kState: offer → how many there are.
  kOfferUses = 0x73,       // kState: offer and member → how often it was used, or ordered.
  kNotices = 0x74,         // kIndex: number → notice.
  // merchant/app, orders and vouchers
  kOrders = 0x75,             // kState: number → order.
  kMemberOrders = 0x76,       // kIndex: member and order, or an order whose voucher it has.
  kMerchantOrders = 0x77,     // kIndex: merchant and order.
  kVouchers = 0x78,           // kState: keyed hash of a voucher's digits → order.
  kVoucherGuesses = 0x79,     // kState: terminal → its digits that were no voucher's.
  kVoucherDigits = 0x7A,      // kVault: keyed hash of a voucher's digits → the sealed digits.
  kDeliveryAddresses = 0x7B,  // kVault: member → sealed addresses of orders that wait.
  kOfferCodes = 0x7C,         // kVault: offer and place → sealed code from elsewhere.
  kOfferCodeCounts = 0x8A,    // kState: offer → how many codes it has, and gave.
  kOfferCodeHashes = 0x8B,    // kState: keyed hash of merchant and code → its offer.
  kMalls = 0x7D,              // kState: merchant → its mall.
  kMallTokens = 0x7E,         // kState: keyed hash of a token → member and merchant.
  kMemberMalls = 0x7F,        // kState: member → the malls it has linked.
  kMallOrders = 0x80,  // kState: merchant, kind and the mall's own number → payment or refund.
  kMallTransactions = 0x81,   // kIndex: merchant, business day and sequence → payment or refund.
  kOfferFigures = 0x82,       // kIndex: union, kind and number → what became of offers.
  kOfferParticipants = 0x83,  // kState: kind, number and member who took part.
  kStoreLocations = 0x87,     // kState: merchant → where its stores are.
  // ledger/engine, periods
  kPeriodStand = 0xA0,    // kState: which period goes on, and which is closed.
  kPeriodStarts = 0xA1,   // kState: period that has records → where it begins and ends.
  kClosedPeriods = 0xA2,  // kState: period → what it was closed with.
  // audit/access, in a store of its own.
  kAccessTiled = 0x8C,  // kMeta: how many records of reads are in the tiles.
  // issuing/app, looks at personal data
  kRevealCounts = 0x8D,  // kState: auditor and day → how many members were revealed to it.
  kReveals = 0x8E,       // kIndex: union and sequence of a look at personal data of its members.

  // audit/index, in a store of its own
  kIndexMark = 0x90,       // kMeta: how far the index has followed the journal.
  kIndexPostings = 0x91,   // kIndex: dimension, value and sequence → records from there on.
  kIndexMovements = 0x92,  // kIndex: account and sequence → what it held before, and movements.
  kIndexTotals = 0x93,     // kIndex: sequence → sums by kind and origin after that record.
  kIndexOwners = 0x94,     // kState: campaign, terminal, offer or notice → its owner.

  // issuing/app, what auditors may read
  kMandates = 0x9A,  // kState: person of an auditor → its last mandate.
  // issuing/app, how many people received and spent
  kIssuerSets = 0x9B,        // kState: number → unions that the same people received points of.
  kIssuerSetNumbers = 0x9C,  // kState: unions → the number of their set.
  kSubtreeSets = 0x9D,       // kState: union and set that has a union of its subtree.
  kParticipants = 0x9E,      // kState: union → how many people received and spent.
};

// Where a table lives. `name` appears in error texts.
struct TableSpec {
  Table id;
  Family family;
  const char* name;
};

// A table whose keys are K and whose values are V, both as of codec.h. Declared once, beside the
// code that owns it:
//   inline constexpr TypedTable<LotKey, LotRow> kLots{Table::kLots, Family::kState, "lots"};
template <class K, class V>
struct TypedTable : TableSpec {
  using Key = K;
  using Value = V;
  constexpr TypedTable(Table table, Family in, const char* called) : TableSpec{table, in, called} {}
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_TABLES_H_
