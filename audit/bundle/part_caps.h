// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_PART_CAPS_H_
#define PUHUI_AUDIT_BUNDLE_PART_CAPS_H_

#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_received.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"

#include <cstdint>
#include <string>
#include <tuple>

namespace puhui::audit {

// Whether grants in a part say at least what their member is known to have received. Of campaigns
// whose runs are not in the part it knows neither occasion nor year, and of packs not what they ask
// for: that they do shows where a grant says something. Threads: none.
class PartCaps {
 public:
  void Learn(const journal::v1::Record& record) { facts_.Learn(record); }
  // Of a member whose wallet is in the part. Requires: it was not learnt yet. Fails: kDataLoss,
  // when less is said than was received.
  absl::Status Check(const journal::v1::Entry& entry);

 private:
  // What is asked for, the pack's id and version, and what else decides.
  using Question = std::tuple<char, std::string, std::uint32_t, std::string>;

  absl::Status CheckGrant(const journal::v1::Entry& entry);
  absl::Status TakeBack(const journal::v1::Entry& entry);
  // False when the part does not say when the campaign's run began, or for which occasion.
  bool FindPlace(const journal::v1::Entry& entry, std::uint32_t campaign,
                 BundleReceived::Place* place) const;
  // Whether the pack is known to ask that, also from what is said now.
  bool Asks(const Question& question, std::int64_t says);

  BundleFacts facts_;
  BundleReceived received_{ReceivedKnown::kLeast};
  absl::flat_hash_set<Question> asked_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_PART_CAPS_H_
