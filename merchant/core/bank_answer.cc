// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/bank_answer.h"

#include "absl/strings/ascii.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace puhui::merchant {
namespace {

struct Meaning {
  absl::string_view status;
  Verdict verdict;
};
// ACWC (accepted with change) is left out on purpose, and so is PART: it is of groups alone.
constexpr std::array kMeanings = {
    Meaning{"ACSC", Verdict::kPaid},      // Settled on our account.
    Meaning{"ACCC", Verdict::kPaid},      // Settled on the merchant's account.
    Meaning{"RJCT", Verdict::kRejected},  // Rejected.
    Meaning{"CANC", Verdict::kRejected},  // Cancelled.
    Meaning{"RCVD", Verdict::kPending},   // Received.
    Meaning{"PDNG", Verdict::kPending},   // Pending.
    Meaning{"ACTC", Verdict::kPending},   // Its form is accepted.
    Meaning{"ACCP", Verdict::kPending},   // We are accepted as a customer of the bank.
    Meaning{"ACFC", Verdict::kPending},   // Our funds are checked.
    Meaning{"ACSP", Verdict::kPending},   // It is being settled.
    Meaning{"ACWP", Verdict::kPending},   // Accepted, not yet on the merchant's account.
    Meaning{"PATC", Verdict::kPending},   // More signatures are wanted.
};

constexpr std::size_t kReasonCharactersMax = 35;  // As ISO 20022 has them.

}  // namespace

absl::optional<Verdict> VerdictOf(absl::string_view status) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.status == status) return meaning.verdict;
  }
  return absl::nullopt;
}

bool IsReasonCode(absl::string_view reason) {
  return reason.size() <= kReasonCharactersMax &&
         std::all_of(reason.begin(), reason.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' ||
                  c == '_';
         });
}

}  // namespace puhui::merchant
