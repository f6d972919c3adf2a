// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_hash.h"

#include "ledger/base/check.h"
#include "ledger/journal/merkle.h"

#include "absl/strings/str_cat.h"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace puhui::issuing {
namespace {

ledger::MerkleFrontier FrontierOf(const PlanUpload& upload) {
  PUHUI_CHECK(upload.frontier.size() == static_cast<std::size_t>(std::popcount(upload.rows)));
  // The stored hashes stand in the order of the set bits.
  return {upload.rows, [&](unsigned height) {
            const std::uint64_t below = upload.rows & ((std::uint64_t{1} << height) - 1);
            return upload.frontier[static_cast<std::size_t>(std::popcount(below))];
          }};
}

}  // namespace

ledger::Hash PlanHash(const PlanUpload& upload) { return FrontierOf(upload).Root(); }

void AppendRows(const PlanRowsView& rows, const std::vector<PlanReason>& reasons,
                PlanUpload* upload) {
  ledger::MerkleFrontier frontier = FrontierOf(*upload);
  auto reason = reasons.begin();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (reason != reasons.end() && reason->row == i) {
      frontier.Append(ledger::LeafHash(absl::StrCat(rows.row_bytes(i), reason->text)));
      ++reason;
    } else {
      frontier.Append(ledger::LeafHash(rows.row_bytes(i)));
    }
    upload->points += rows[i].points;
  }
  upload->rows += rows.size();
  upload->frontier.clear();
  for (unsigned height = 0; height < 64; ++height) {
    if ((upload->rows >> height & 1) != 0) upload->frontier.push_back(frontier.node(height));
  }
}

}  // namespace puhui::issuing
