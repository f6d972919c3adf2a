// SPDX-License-Identifier: Apache-2.0
// The resource names behind the numbers that records and views hold.
#ifndef PUHUI_SERVICES_LEDGER_NAMES_H_
#define PUHUI_SERVICES_LEDGER_NAMES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Looks names up, each once. A number without a name is a damaged view: kDataLoss.
// Threads: none; make one per call. Borrows: the moment that it reads.
class Names {
 public:
  explicit Names(const ledger::Readable* from) : from_(*from) {}

  absl::StatusOr<std::string> OfUnion(UnionNumber number);
  absl::StatusOr<std::string> OfCampaign(CampaignNumber number);
  absl::StatusOr<std::string> OfMerchant(MerchantNumber number);
  absl::StatusOr<std::string> OfTerminal(TerminalNumber number);

 private:
  const ledger::Readable& from_;
  absl::flat_hash_map<std::uint32_t, std::string> unions_;
  absl::flat_hash_map<std::uint32_t, std::string> campaigns_;
  absl::flat_hash_map<std::uint32_t, std::string> merchants_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_NAMES_H_
