// SPDX-License-Identifier: Apache-2.0
// "What became of my call?": from a till's keys to the record that answered it.
#ifndef PUHUI_SERVICES_MERCHANT_POS_TRANSACTION_H_
#define PUHUI_SERVICES_MERCHANT_POS_TRANSACTION_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "services/auth/identity.h"
#include "services/rpc/request_id.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/variant.h"

#include <string>

namespace puhui::services {

// Who asks.
struct TillCaller {
  TerminalNumber terminal{};
  std::string caller{};  // The identity that request ids are scoped to.
};

// The sequence of the record that answered the call which `request` names.
// Refuses: kInvalidField; kNotFound when there is none.
absl::StatusOr<Sequence> FindTillSequence(const ledger::Readable& store, const TillCaller& caller,
                                          const v1::GetTransactionRequest& request);

// What stands under a reference: an authorisation until it is captured, or a bill until it is paid;
// a purchase from then on.
using Sale = absl::variant<v1::Purchase, v1::Authorization, v1::Bill>;
// As it stands at `now`. Requires: `sequence` is of one (else kDataLoss).
absl::StatusOr<Sale> FindSale(const ledger::Readable& store, Sequence sequence, absl::Time now);

// A retired terminal's certificate opens nothing, however long it is valid. Its merchant may still
// ask what became of its calls. Refuses: kTerminalNotActive.
absl::Status CheckNotRetired(const ledger::Readable& store, TerminalNumber terminal,
                             const Principal& caller);

// Whether a call of the caller's was answered under that request id.
absl::StatusOr<bool> WasAnswered(const ledger::Readable& store, const std::string& caller,
                                 const RequestId& id);

// What `record` says about its call; a purchase, an authorisation or a bill as it stands at `now`.
// Refuses: kNotFound when the record is of another terminal, or of no till at all.
absl::StatusOr<v1::GetTransactionResponse> DescribeTransaction(const ledger::Readable& store,
                                                               TerminalNumber terminal,
                                                               const journal::v1::Record& record,
                                                               absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_TRANSACTION_H_
