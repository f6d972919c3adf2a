// SPDX-License-Identifier: Apache-2.0
// Any bytes as a roster: either a refusal or rows that keep the promises of roster.h.
#include "issuing/core/id_number.h"
#include "issuing/core/roster.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/check.h"
#include "ledger/base/points.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using puhui::issuing::IdNumberDefect;
  puhui::issuing::RosterOptions options{.today = absl::CivilDay(2025, 1, 1)};
  // The first byte chooses the options, so that the corpus reaches both sides of each.
  if (size > 0) {
    options.points_required = (data[0] & 1U) != 0;
    options.ignore_unknown = (data[0] & 2U) != 0;
    ++data;
    --size;
  }
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto roster = puhui::issuing::ParseRoster(bytes, options);
  if (!roster.ok()) return 0;
  PUHUI_CHECK(roster->refused_rows <= roster->problems.size());
  PUHUI_CHECK((roster->refused_rows == 0) == roster->problems.empty());
  for (const puhui::issuing::RosterRow& row : roster->rows) {
    PUHUI_CHECK(!row.external_id.empty() && !row.name.empty() && row.mobile.size() == 11);
    PUHUI_CHECK(puhui::issuing::CheckIdNumber(row.id_number, options.today) ==
                IdNumberDefect::kNone);
    PUHUI_CHECK(puhui::issuing::WellFormedUtf8Bytes(row.name) == row.name.size());
    PUHUI_CHECK(row.points.has_value() || !options.points_required);
    PUHUI_CHECK(!row.points.has_value() ||
                (*row.points >= 1 && *row.points <= puhui::Points::kMax));
  }
  return 0;
}
