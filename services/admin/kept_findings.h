// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_KEPT_FINDINGS_H_
#define PUHUI_SERVICES_ADMIN_KEPT_FINDINGS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {

// What the ledger's looks at itself have found, and no later one has shown to be mended. A restart
// mends nothing by itself, so it outlives the process in a file of the data directory.
// Threads: none.
struct KeptFindings {
  static constexpr std::size_t kTextsMax = 10;
  static constexpr std::size_t kTextBytesMax = 400;

  struct Found {
    void Add(absl::string_view text);

    std::uint64_t count = 0;
    std::vector<std::string> texts;  // The first kTextsMax, each cut to kTextBytesMax.
    friend bool operator==(const Found&, const Found&) = default;
  };

  Found verify;                                // By the last verification that ended.
  absl::Time verified = absl::InfinitePast();  // When that was, to the second.
  Found last_pass;                             // By the last pass of the scrub.
  Found this_pass;                             // By the one that goes on, so far.
  bool passed_over = false;                    // It left something out.

  // The pass is at its end. What an earlier one found stays when this one left something out.
  void EndPass();
  // Of the scrub: in its last pass, or, when that is more already, in this one.
  const Found& scrub() const;
  friend bool operator==(const KeptFindings&, const KeptFindings&) = default;
};

// A file that is absent or says nothing sensible keeps nothing; a line that does not is left out.
KeptFindings ReadKeptFindings(const std::string& path);
// Fails: as WriteFileDurably.
absl::Status WriteKeptFindings(const std::string& path, const KeptFindings& kept);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_KEPT_FINDINGS_H_
