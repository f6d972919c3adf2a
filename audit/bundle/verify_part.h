// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_VERIFY_PART_H_
#define PUHUI_AUDIT_BUNDLE_VERIFY_PART_H_

#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_fees.h"
#include "audit/bundle/bundle_proofs.h"
#include "audit/bundle/bundle_returns.h"
#include "audit/bundle/bundle_terms.h"
#include "audit/bundle/frame_stream.h"
#include "audit/bundle/part_books.h"
#include "audit/bundle/part_caps.h"
#include "audit/bundle/part_scope.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::audit {

// The frames of a part, from its scope on. Threads: none. Borrows: the proofs and the report.
class PartVerifier {
 public:
  // Requires: the proofs are complete.
  PartVerifier(const BundleProofs* proofs, BundleReport* report)
      : proofs_(*proofs), report_(*report) {}

  // Fails: kDataLoss; the text begins with "record " when it is about one.
  absl::Status Take(const Frame& frame);
  absl::Status Finish();

 private:
  absl::Status CheckOrder(FrameKind kind);
  absl::Status TakeScope(absl::string_view payload);
  absl::Status TakeOwners(absl::string_view payload);
  absl::Status EndOwners();
  absl::Status TakeOpening(absl::string_view payload);
  absl::Status TakeRecord(absl::string_view payload);
  absl::Status CheckRecord(const EarlierRecord& proven);
  absl::Status CheckReceived();
  absl::Status CheckSold();
  absl::Status CheckGranted();
  void LearnName();
  absl::Status TakeClosing(absl::string_view payload);
  // Checks that the rows of a frame fill it, and ascend.
  absl::Status CheckRows(absl::string_view payload, std::size_t width, std::size_t key_bytes);
  void BeginClosing();

  const BundleProofs& proofs_;
  BundleReport& report_;
  int place_ = 0;  // Of the kind of the last frame, in their order.
  std::string last_row_;
  bool short_frame_ = false;  // No more rows of this kind follow.
  bool owners_ended_ = false;
  Sequence last_ = 0;  // Record.
  PartBooks books_;
  PartCaps caps_;
  BundleTerms terms_;
  BundleFacts facts_;  // Of the merchant that the part is of.
  BundleFees fees_{&facts_, /*whole=*/false};
  BundleReturns returns_{/*whole=*/false};
  journal::v1::Record record_;
  ledger::Sha256 opening_;
  bool closing_begun_ = false;
  std::vector<std::string> closing_;
  std::size_t closings_ = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_VERIFY_PART_H_
