// SPDX-License-Identifier: Apache-2.0
// The steps of auditors' mandates.
#include "issuing/app/mandate_commands.h"
#include "issuing/app/mandate_queries.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace puhui::testing {
namespace {

using ledger::Reason;

bool IsInForce(const LedgerModel& model, const std::string& auditor, absl::Time now) {
  const auto known = model.mandates.find(auditor);
  return known != model.mandates.end() && now < known->second;
}

// Of a union, or of 0.
Verdict GrantMandate(const std::string& auditor, std::uint32_t of, absl::Time now, absl::Time until,
                     LedgerModel* model) {
  if (until <= now) return Reason::kInvalidField;
  if (of != 0 && !model->unions.contains(of)) return Reason::kNotFound;
  if (IsInForce(*model, auditor, now)) return Reason::kAlreadyExists;
  model->mandates[auditor] = until;
  return absl::nullopt;
}

Verdict RevokeMandate(const std::string& auditor, absl::Time now, LedgerModel* model) {
  if (!IsInForce(*model, auditor, now)) return Reason::kNotFound;
  model->mandates.erase(auditor);
  return absl::nullopt;
}

}  // namespace

// One of three auditors is granted a mandate or loses it.
void RandomDriver::ChangeMandate() {
  const std::string auditor = absl::StrCat("people/auditor-", random_.Below(3));
  const absl::Time now = NextTime();
  if (random_.Below(3) == 0) {
    const auto outcome = Run([auditor, this] {
      return std::make_unique<issuing::RevokeMandateCommand>(
          &ledger_.issuing(),
          issuing::RevokeMandateCommand::Wish{.auditor = auditor, .person = "people/sue"});
    });
    Expect(RevokeMandate(auditor, now, &model_), outcome);
  } else {
    const std::uint32_t of = random_.Below(2) == 0 ? 0 : AnyUnion();
    const absl::Time until = now + absl::Minutes(static_cast<std::int64_t>(random_.Below(300)));
    const auto outcome = Run([=, this] {
      issuing::GrantMandateCommand::Wish wish{.auditor = auditor,
                                              .start = absl::UnixEpoch(),
                                              .end = now,
                                              .purposes = {"because"},
                                              .valid_until = until,
                                              .person = "people/sue"};
      if (of != 0) wish.in_union = UnionIdOf(of);
      return std::make_unique<issuing::GrantMandateCommand>(&ledger_.issuing(), std::move(wish));
    });
    Expect(GrantMandate(auditor, of, now, until, &model_), outcome);
  }
  const auto row = issuing::FindMandate(ledger_.store(), auditor);
  ASSERT_OK(row);
  const bool in_force = row->has_value() && (*row)->InForceAt(now);
  EXPECT_EQ(in_force, IsInForce(model_, auditor, now));
}

}  // namespace puhui::testing
