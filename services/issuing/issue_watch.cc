// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/issue_watch.h"

#include "services/issuing/campaign_convert.h"
#include "services/rpc/timestamp.h"

#include "google/protobuf/util/message_differencer.h"

#include <algorithm>

namespace puhui::services {

bool IssueWatch::Look(const issuing::CampaignRow& campaign, absl::Time now,
                      v1::IssueProgress* progress) {
  *progress = ProgressOf(campaign);
  if (google::protobuf::util::MessageDifferencer::Equals(*progress, last_)) return false;
  last_ = *progress;
  begun_ = begun_ || last_.state() == v1::CAMPAIGN_STATE_ISSUING;
  AddPace(campaign, now, progress);
  return true;
}

// A watch may begin long before the run, so that any state but these may still lead to one. A run
// that had begun and went back to a draft has ended too.
bool IssueWatch::ended() const {
  if (begun_ && last_.state() != v1::CAMPAIGN_STATE_ISSUING) return true;
  return last_.state() == v1::CAMPAIGN_STATE_ISSUED || last_.state() == v1::CAMPAIGN_STATE_CLOSED ||
         last_.state() == v1::CAMPAIGN_STATE_CANCELLED;
}

void IssueWatch::AddPace(const issuing::CampaignRow& campaign, absl::Time now,
                         v1::IssueProgress* progress) {
  if (!campaign.run_due.has_value() || *campaign.run_due > now) {
    pace_.reset();
    return;
  }
  if (!pace_.has_value()) {
    pace_ = Pace{.since = now, .rows_done = campaign.rows_done};
    return;
  }
  const double seconds = absl::ToDoubleSeconds(now - pace_->since);
  const std::uint64_t rows = campaign.rows_done - pace_->rows_done;
  if (rows == 0 || seconds <= 0) return;
  const double pace = static_cast<double>(rows) / seconds;
  progress->set_rows_per_second(std::max<std::int64_t>(1, static_cast<std::int64_t>(pace)));
  const auto left = static_cast<double>(campaign.plan.rows - campaign.rows_done);
  *progress->mutable_estimated_end_time() = ToTimestamp(now + absl::Seconds(left / pace));
}

}  // namespace puhui::services
