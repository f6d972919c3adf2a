// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_ISSUE_WATCH_H_
#define PUHUI_SERVICES_ISSUING_ISSUE_WATCH_H_

#include "issuing/app/rows.h"
#include "puhui/v1/campaign_service.pb.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::services {

// One caller's watch over an issue run: what is new of it, how fast it is and when it will have
// ended. Threads: one at a time.
class IssueWatch {
 public:
  // Writes how far the run is, unless that has been said. Returns whether it has written.
  bool Look(const issuing::CampaignRow& campaign, absl::Time now, v1::IssueProgress* progress);
  // Whether what was written last was the end.
  bool ended() const;

 private:
  // The pace is that since the run was first seen going on; a pause begins it anew.
  struct Pace {
    absl::Time since{};
    std::uint64_t rows_done = 0;
  };
  void AddPace(const issuing::CampaignRow& campaign, absl::Time now, v1::IssueProgress* progress);

  v1::IssueProgress last_;  // Without what the pace says.
  bool begun_ = false;      // The run has been seen.
  absl::optional<Pace> pace_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_ISSUE_WATCH_H_
