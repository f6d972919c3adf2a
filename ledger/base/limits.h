// SPDX-License-Identifier: Apache-2.0
// Every bound in one place. Reaching one is a refusal that names it, never a slow call.
#ifndef PUHUI_LEDGER_BASE_LIMITS_H_
#define PUHUI_LEDGER_BASE_LIMITS_H_

#include "ledger/base/audit_limits.h"
#include "ledger/base/market_limits.h"
#include "ledger/base/union_limits.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>

namespace puhui {

inline constexpr std::size_t kTextIdBytesMax = 40;
inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::size_t kReasonCharactersMax = 200;

inline constexpr std::size_t kOpenLotsPerWalletMax = 256;
inline constexpr std::size_t kLotsPerPurchaseMax = 64;
inline constexpr std::size_t kPostingsPerEntryMax = 64;
inline constexpr std::size_t kBasketLinesMax = 64;  // Of one purchase; tills add up what is alike.
// A refund of some lines changes the fee on the others, so it has up to three postings of each.
inline constexpr std::size_t kOriginsPerBasketMax = kPostingsPerEntryMax / 3;
inline constexpr std::size_t kBatchCallsListedMax = 1'000;  // By one CloseBatch.
// As the big schemes have it: long enough for every guarantee, and statements are over then.
inline constexpr absl::Duration kRefundWindow = absl::Hours(24 * 365);
inline constexpr std::size_t kAuthorizationsPerWalletMax = 32;  // Open ones.
// A capture has up to four postings of each origin, so that what was held can always be captured.
inline constexpr std::size_t kOriginsPerAuthorizationMax = kPostingsPerEntryMax / 4;
inline constexpr absl::Duration kAuthorizationLifetimeMin = absl::Minutes(1);
inline constexpr absl::Duration kAuthorizationLifetimeMax = absl::Hours(24 * 7);
inline constexpr std::size_t kOriginsPerTransferMax =
    kPostingsPerEntryMax / 2;  // Each is taken from one budget and put into another.
inline constexpr std::uint32_t kApproversMax = 5;
// From the first approval: a plan that is not issued by then has to be submitted again.
inline constexpr absl::Duration kApprovalsKeptFor = absl::Hours(24 * 30);
// Of codes that do not exist a terminal may send fewer than so many within a minute, and in a day;
// one more, and for a while none of its codes is looked up. docs/security.md has the sum.
inline constexpr std::size_t kWrongCodesMax = 10;
inline constexpr absl::Duration kWrongCodesWithin = absl::Minutes(1);
inline constexpr absl::Duration kWrongCodesBlock = absl::Minutes(5);
inline constexpr std::uint32_t kWrongCodesPerDayMax = 20;
// Of card numbers likewise: what is counted of codes leaves these alone, and the other way round.
inline constexpr std::size_t kWrongCardsMax = 10;
inline constexpr absl::Duration kWrongCardsWithin = absl::Minutes(1);
inline constexpr absl::Duration kWrongCardsBlock = absl::Minutes(5);
inline constexpr std::uint32_t kWrongCardsPerDayMax = 20;
inline constexpr absl::Duration kPaymentCodeLifetime = absl::Seconds(60);
// Kept for so long after their time, unless room is needed: who shows one is told, and no guesser.
inline constexpr absl::Duration kExpiredCodesKept = absl::Minutes(10);
inline constexpr absl::Duration kUsedCodesKept = absl::Hours(1);
inline constexpr std::size_t kUsedCodesForgottenMax = 2;  // With each code that is used.
// Good or lately expired. As many as can be guessed at a time, so never more than the sum allows.
inline constexpr std::size_t kPaymentCodesMax = 32'768;
inline constexpr std::size_t kPaymentCodesPerMemberMax = 2;
// Codes of devices: steps of thirty seconds by which one may be late and is told so; how long a
// terminal that sent a code that does not exist is told nothing of them; and how many devices.
inline constexpr std::int64_t kLateDeviceStepsMax = 20;
inline constexpr absl::Duration kDeviceCodesDoubted = absl::Hours(24 * 30);
inline constexpr std::size_t kDevicesPerMemberMax = 5;
inline constexpr std::uint32_t kDevicesEverPerMemberMax = 128;  // A number is given once.
inline constexpr std::uint32_t kDevicesMax = 3'000'000;
// Bills that tills present. Ended or not, each is kept for a while after its time, so that a late
// payer hears why; a terminal has so many, and two that need not be kept any more go with the next.
inline constexpr absl::Duration kBillLifetimeMin = absl::Seconds(30);
inline constexpr absl::Duration kBillLifetimeDefault = absl::Minutes(5);
inline constexpr absl::Duration kBillLifetimeMax = absl::Hours(2);
inline constexpr absl::Duration kBillsKept = absl::Minutes(10);
inline constexpr std::uint32_t kBillsPerTerminalMax = 4'096;
inline constexpr std::size_t kBillsForgottenMax = 2;
inline constexpr std::size_t kCategoriesPerTermsMax = 64;
inline constexpr std::size_t kOccasionsPerPackMax = 64;
inline constexpr std::size_t kPackBasisBytesMax = 512;
inline constexpr std::uint32_t kPackExpiryDaysMax = 36'600;  // A hundred years.
inline constexpr std::size_t kRulePackVersionsMax = 256;     // Of one pack.
// For which one person receives something in a year: holidays, events and what else there is.
inline constexpr std::size_t kOccasionsReceivedMax = 256;
inline constexpr std::size_t kRegionsPerTermsMax = 64;
inline constexpr std::size_t kMerchantsPerTermsMax = 1'000;  // In each of the two lists.
inline constexpr std::size_t kHolidaysPerTermsMax = 512;

inline constexpr std::uint64_t kPlanRowsMax = 10'000'000;
inline constexpr std::size_t kPlanTiersMax = 64;
inline constexpr std::size_t kPlanTierTextsMax = 64;  // In each of its lists.
inline constexpr std::size_t kRowsPerImportCallMax = 5'000;
inline constexpr std::size_t kPlanChunkRows =
    2'048;  // Rows of a plan in one record and in one stored chunk.
inline constexpr std::size_t kIssueChunkRows =
    128;  // Rows granted or swept by one command, so that a purchase waits little.
inline constexpr std::size_t kClawBackRowsMax = 1'000;  // Or members, named by one claw-back.
inline constexpr std::size_t kClawBackChunkRows = 128;  // Gone through by one command, likewise.
inline constexpr std::size_t kExpireChunkAuthorizations =
    128;  // Authorisations that one command ends, of up to kLotsPerPurchaseMax lots each.
inline constexpr std::size_t kImportFileBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kImportBytesMax =
    std::size_t{512} << 20;  // Of files on their way into the server, all together.

inline constexpr std::size_t kExternalIdsPerMemberMax = 16;
// Members' keys wrapped anew by one command, so that a purchase waits little.
inline constexpr std::size_t kVaultKeyChunkRows = 512;
inline constexpr std::size_t kVaultCheckRows = 1'000;      // Looked at to know the right keys.
inline constexpr std::size_t kSearchPrefixCharacters = 2;  // Of a name; longer ones are compared.
inline constexpr std::size_t kRowsPerPageMax = 10'000;     // Looked at to fill one page.

// Reads of auditors, in a journal of their own: why, in how many characters, and what was asked
// for; how many wait to be written; how many are looked at to fill a page; and after how many rows
// a stream of answers is noted again.
inline constexpr std::size_t kPurposeCharactersMax = 200;
inline constexpr std::size_t kAccessFilterBytesMax = 1'024;
inline constexpr std::size_t kAccessesWaitingMax = 16'384;
inline constexpr std::size_t kAccessesLookedAtMax = 20'000;
inline constexpr std::uint64_t kAccessRowsStep = 1'000;
// Members whose personal data one auditor may see on one day.
inline constexpr std::uint32_t kRevealsPerDayMax = 20;

inline constexpr std::size_t kPageSizeDefault = 50;
inline constexpr std::size_t kPageSizeMax = 1'000;
inline constexpr std::size_t kMessageBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kYamlBytesMax = std::size_t{256} << 10;  // Configuration, rule packs.
inline constexpr std::size_t kTillMessageBytesMax = std::size_t{256} << 10;
inline constexpr std::size_t kStreamedInFlightMax = 256;  // Messages of one stream.

inline constexpr std::size_t kSegmentBytesMax = std::size_t{8} << 10;
inline constexpr std::size_t kGroupCommandsMax = 256;
inline constexpr std::size_t kGroupBytesMax = std::size_t{256} << 10;
// Bulk commands of one group when nobody has asked for anything lately; otherwise it is one.
inline constexpr std::size_t kGroupBulkCommandsMax = 8;
// Groups that a lent thread writes before its own calls come first again.
inline constexpr std::size_t kLentGroupsMax = 4;
inline constexpr std::size_t kQueuedCommandsMax = 8'192;
inline constexpr absl::Duration kQueuedWorkMax = absl::Milliseconds(50);
// Fewer are never too many: one slow sync must not turn a quiet shop away.
inline constexpr std::size_t kQueuedCommandsFloor = 256;

inline constexpr std::int64_t kRefundGraceDays = 30;

inline constexpr std::size_t kAgreementsPerMerchantMax = 128;
inline constexpr std::uint32_t kSettlementDaysMax = 60;
// Enrolment codes: how many hours one is good, at most, and how many wrong ones make it void.
inline constexpr std::uint32_t kEnrolmentCodeHoursMax = 24 * 7;
inline constexpr std::uint32_t kWrongEnrolmentCodesMax = 10;
inline constexpr std::size_t kStatementLinesPerRow = 32;  // Of the index that finds them again.
inline constexpr std::size_t kStatementLinesPerMessage = 500;
inline constexpr std::size_t kDisputesPerStatementMax = 1'000;
inline constexpr std::size_t kDisputedLinesPerCallMax = 100;
// A closed merchant gives back what it sold before.
inline constexpr absl::Duration kRefundsAfterClosing = absl::Hours(24 * 30);

// Accounts that were confirmed, of one merchant.
inline constexpr std::size_t kBankAccountsPerMerchantMax = 128;
inline constexpr std::int64_t kBankAccountCoolingHoursMin = 24;
inline constexpr std::int64_t kBankAccountCoolingHoursMax = 720;
// A run is decided, and a bank's answer taken, in one piece.
inline constexpr std::size_t kPaymentsPerRunMax = 128;
inline constexpr std::size_t kOriginsPerRunMax = 4'096;  // Of its payments together.
inline constexpr std::size_t kOriginsPerPayoutEntryMax = kPostingsPerEntryMax / 2;
inline constexpr std::size_t kBankFileBytesMax = std::size_t{2} << 20;
inline constexpr std::size_t kBankFileDepthMax = 16;  // Of its elements.
inline constexpr std::size_t kBankFileElementsMax = 65'536;
inline constexpr std::size_t kBankAnswersMax = 1'000;  // Payments named by one file.
// Of one call that reconciles: shorter or fewer pieces of time have fewer transactions. A fraction
// of a second of a worker, so that no merchant keeps the others waiting.
inline constexpr std::size_t kReconciledTransactionsMax = 65'536;
inline constexpr std::size_t kReconciledStoresMax = 1'000;
inline constexpr std::int32_t kReconciledPiecesMax = 60;
inline constexpr std::int32_t kReconciledPieceSecondsMax = 3'600;
inline constexpr std::size_t kReconciledHashesMax = 10'000;       // Of single transactions.
inline constexpr std::size_t kReconciledDifferencesMax = 10'000;  // Pieces that differ.

// A repeated call gets its first answer at least so long.
inline constexpr absl::Duration kRequestsKeptFor = absl::Hours(24 * 35);
inline constexpr absl::Duration kForgetRequestsEvery = absl::Hours(1);
// Records that one command looks at, so that a purchase waits little.
inline constexpr std::size_t kForgetRecordsMax = 1'024;

// The index of auditors: records that one step takes in, how often sums are kept, and what is
// remembered of accounts and owners, some 50 MiB.
inline constexpr std::size_t kIndexStepRecordsMax = 32'768;
inline constexpr std::uint64_t kIndexTotalsEvery = 32'768;
inline constexpr std::size_t kIndexAccountsCachedMax = 524'288;
inline constexpr std::size_t kIndexOwnersCachedMax = 262'144;
// Lists of which a query looks through one beside the other: of more values records are judged,
// but for the unions of a scope, whose lists may be merged.
inline constexpr std::size_t kIndexListsMax = 256;
// Values that one query names of one kind.
inline constexpr std::size_t kFilterValuesMax = 1'000;
// Unions below one, itself included, that records are asked for by.
inline constexpr std::size_t kSubtreeUnionsMax = 100'000;
inline constexpr absl::Duration kIndexWaitMax = absl::Seconds(5);
// Of records on one page: their text is longer than they are.
inline constexpr std::size_t kPageRecordBytesMax = std::size_t{512} << 10;

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_LIMITS_H_
