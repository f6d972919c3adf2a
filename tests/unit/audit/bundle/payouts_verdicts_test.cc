// SPDX-License-Identifier: Apache-2.0
// Merchants are paid what their statements came to, once, by runs that somebody else approved: both
// verifiers find the first record that says otherwise, of lies that are framed and signed as if
// they were none.
#include "audit/bundle/bundle_payouts.h"
#include "ledger/base/id.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/both_verifiers.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/paid_town.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace puhui::audit::payouts_verdicts_test {
namespace {

namespace jv1 = journal::v1;
using Tell = std::function<void(jv1::Record&)>;

class PayoutsVerdictsTest : public BothVerifiersTest {
 protected:
  void PutLie(absl::string_view record, const Tell& tell, absl::string_view shows_at) {
    Put(PaidLie(record, tell), 1, absl::StrCat("record ", PaidRecord(shows_at)));
  }
};

// That whatever it was, nothing of the kind happened.
void LeaveOut(jv1::Record& record) { record.mutable_member_revealed(); }

Tell OfPayment(const std::function<void(jv1::RunPayment&)>& tell) {
  return [tell](jv1::Record& record) {
    tell(*record.mutable_payout_run_created()->mutable_payments(0));
  };
}

Tell Paying(std::int64_t points) {
  return OfPayment([points](jv1::RunPayment& payment) {
    payment.set_points(points);
    payment.mutable_sums(0)->set_points(points);
  });
}

Tell OfEntry(const std::function<void(jv1::Entry&)>& tell) {
  return [tell](jv1::Record& record) { tell(*record.mutable_entry()); };
}

void PostToMerchantNine(jv1::Entry& entry) {
  for (jv1::Posting& posting : *entry.mutable_postings()) posting.set_owner(9);
}

TEST_F(PayoutsVerdictsTest, FitsWhenWhatWasCancelledOrCameBackIsPaidAgainAndDaysAreNetted) {
  const std::vector<jv1::Record> town = PaidTown();
  for (Sequence first = 1; first <= town.size(); ++first) Put(town, first, "fits");
}

TEST_F(PayoutsVerdictsTest, NamesTheAgreementThatIsUponNoCut) {
  const auto other_digest = [](jv1::Record& record) {
    record.mutable_statement_agreed()->set_digest(std::string(32, 'x'));
  };
  PutLie("agreed 3", other_digest, "agreed 3");
  PutLie(
      "agreed 1", [](auto& r) { r.mutable_statement_agreed()->set_day(1); }, "agreed 1");
  PutLie(
      "agreed 3",
      [](auto& r) {
        *r.mutable_statement_agreed() = PaidTown()[PaidRecord("agreed 1") - 1].statement_agreed();
      },
      "agreed 3");
  // Upon a cut that the bundle has, though it begins later.
  const std::vector<jv1::Record> lie = PaidLie("agreed 3", other_digest);
  Put(lie, PaidRecord("sale"), absl::StrCat("record ", PaidRecord("agreed 3")));
  Put(lie, PaidRecord("agreed 3"), "fits");
}

TEST_F(PayoutsVerdictsTest, NamesTheRunThatPaysSomethingElseThanItsStatements) {
  PutLie("run 6", Paying(1'000'000), "run 6");
  PutLie("run 6", Paying(389), "run 6");
  PutLie("run 6", Paying(780), "run 6");
  PutLie("run 6", Paying(-390), "run 6");
  PutLie("run 6", OfPayment([](auto& payment) { payment.set_points(389); }), "run 6");
  PutLie("run 6", OfPayment([](auto& payment) { payment.mutable_sums(0)->set_origin(2); }),
         "run 6");
  PutLie("run 6", OfPayment([](auto& payment) { payment.set_attempt(2); }), "run 6");
  PutLie("run 6", OfPayment([](auto& payment) { payment.set_day(payment.day() + 1); }), "run 6");
  PutLie("run 6", OfPayment([](auto& payment) { payment.set_merchant(9); }), "run 6");
  PutLie(
      "run 6", [](auto& r) { r.mutable_payout_run_created()->set_run(7); }, "run 6");
  PutLie("run 5", OfPayment([](auto& payment) { payment.clear_carried(); }), "run 5");
  PutLie("run 5", OfPayment([](auto& payment) { payment.mutable_carried(0)->set_points(-389); }),
         "run 5");
  PutLie("agreed 3", LeaveOut, "run 6");
  PutLie("run 4", Paying(194), "run 4");
  PutLie("run 4", OfPayment([](auto& payment) { payment.set_attempt(1); }), "run 4");
  PutLie("returned 3", LeaveOut, "run 4");
}

TEST_F(PayoutsVerdictsTest, NamesThePayoutThatIsNotOfAnApprovedRun) {
  PutLie("approval 6", LeaveOut, "paid 6");
  PutLie(
      "approval 6", [](auto& r) { r.mutable_payout_run_approved()->set_person("people/zhao"); },
      "approval 6");
  PutLie(
      "approval 6", [](auto& r) { r.mutable_payout_run_approved()->set_run(4); }, "approval 6");
  PutLie(
      "approval 6", [](auto& r) { r.mutable_payout_run_approved()->set_run(8); }, "approval 6");
  PutLie(
      "approval 6", [](auto& r) { r.mutable_payout_run_cancelled()->set_run(6); }, "paid 6");
  PutLie("paid 4", OfEntry([](auto& entry) { entry.mutable_payout_paid()->set_run(2); }), "paid 4");
  // Cancelled once more, and of no run.
  for (const std::uint32_t run : {2U, 9U}) {
    PutLie(
        "approval 6", [run](auto& r) { r.mutable_payout_run_cancelled()->set_run(run); },
        "approval 6");
  }
}

TEST_F(PayoutsVerdictsTest, NamesThePayoutThatIsNotThePaymentOfTheRun) {
  PutLie("paid 6", OfEntry(PostToMerchantNine), "paid 6");
  PutLie("paid 6", OfEntry([](auto& entry) {
           PostToMerchantNine(entry);
           entry.mutable_payout_paid()->set_merchant(9);
         }),
         "paid 6");
  PutLie("paid 6", OfEntry([](auto& entry) { entry.mutable_payout_paid()->set_day(1); }), "paid 6");
  PutLie("paid 6", OfEntry([](auto& entry) {
           for (jv1::Posting& posting : *entry.mutable_postings()) posting.set_origin(2);
         }),
         "paid 6");
  PutLie("paid 6", OfEntry([](auto& entry) {
           entry.mutable_postings(0)->set_points(-389);
           entry.mutable_postings(1)->set_points(389);
           entry.mutable_payout_paid()->set_points(389);
         }),
         "paid 6");
  PutLie("returned 3", OfEntry([](auto& entry) {
           entry.mutable_postings(0)->set_points(194);
           entry.mutable_postings(1)->set_points(-194);
           entry.mutable_payout_returned()->set_points(194);
         }),
         "returned 3");
  // Points that leave as if nobody was paid.
  PutLie("paid 6", OfEntry([](auto& entry) { entry.clear_payout_paid(); }), "paid 6");
  PutLie("returned 3", OfEntry([](auto& entry) { entry.clear_payout_returned(); }), "returned 3");
  // Paid to the merchant once more, by the run that was in the range or before it.
  std::vector<jv1::Record> twice = PaidTown();
  jv1::Record again = twice.back();
  again.set_sequence(again.sequence() + 1);
  again.set_time_micros(again.time_micros() + 1);
  twice.push_back(again);
  const std::string verdict = absl::StrCat("record ", again.sequence());
  Put(twice, 1, verdict);
  Put(twice, PaidRecord("paid 6"), verdict);
}

TEST(PayoutsFiguresTest, SayWhatCouldNotBeChecked) {
  const std::vector<jv1::Record> town = PaidTown();
  const auto whole = VerifyBytes(BundleOf(town, 1, town.size()));
  ASSERT_OK(whole);
  EXPECT_EQ(whole->payouts.agreed, 4U);
  EXPECT_EQ(whole->payouts.agreed_earlier, 0U);
  EXPECT_EQ(whole->payouts.due, 6U);
  EXPECT_EQ(whole->payouts.due_unknown, 0U);
  EXPECT_EQ(whole->payouts.approved, 4U);
  EXPECT_EQ(whole->payouts.unapproved, 0U);
  const auto later = VerifyBytes(BundleOf(town, PaidRecord("paid 3"), town.size()));
  ASSERT_OK(later);
  EXPECT_EQ(later->payouts.agreed, 1U);
  EXPECT_EQ(later->payouts.agreed_earlier, 1U);
  EXPECT_EQ(later->payouts.due, 1U);
  EXPECT_EQ(later->payouts.due_unknown, 2U);
  // That of run 3 is of before the range, and there.
  EXPECT_EQ(later->payouts.approved, 3U);
  EXPECT_EQ(later->payouts.unapproved, 0U);
}

TEST(PayoutsFiguresTest, CountAPayoutOfARunWhoseApprovalTheBundleDoesNotHave) {
  const std::vector<jv1::Record> town = PaidTown();
  BundlePayouts payouts(/*whole=*/false);
  payouts.LearnEarlier(town[PaidRecord("run 3") - 1]);
  EXPECT_OK(payouts.Check(town[PaidRecord("paid 3") - 1], nullptr));
  EXPECT_EQ(payouts.figures().unapproved, 1U);
  EXPECT_EQ(payouts.figures().approved, 0U);
}

TEST(PayoutsFiguresTest, SumsOfAnEarlierRunMayBeWhateverNumbers) {
  const std::vector<jv1::Record> town = PaidTown();
  jv1::Record run = town[PaidRecord("run 3") - 1];
  OfPayment([](jv1::RunPayment& payment) {
    payment.mutable_sums(0)->set_points(std::numeric_limits<std::int64_t>::min());
  })(run);
  BundlePayouts payouts(/*whole=*/false);
  payouts.LearnEarlier(run);
  EXPECT_THAT(payouts.Check(town[PaidRecord("returned 3") - 1], nullptr),
              HasCode(absl::StatusCode::kDataLoss));
}

// Days of one merchant, each of which is cut and agreed upon before it is paid.
class DueTest : public ::testing::Test {
 protected:
  void CutAndAgree(std::int32_t day, const BundleSums& came_to) {
    jv1::Record cut;
    cut.mutable_day_cut()->set_merchant(3);
    cut.mutable_day_cut()->mutable_day()->set_day(day);
    ASSERT_OK(payouts_.Check(cut, &came_to));
    jv1::Record agreed;
    agreed.mutable_statement_agreed()->set_merchant(3);
    agreed.mutable_statement_agreed()->set_day(day);
    ASSERT_OK(payouts_.Check(agreed, nullptr));
  }
  absl::Status Pay(std::int32_t day, const BundleSums& sums, const BundleSums& carried) {
    jv1::Record record;
    record.mutable_payout_run_created()->set_run(++run_);
    jv1::RunPayment& payment = *record.mutable_payout_run_created()->add_payments();
    payment.set_merchant(3);
    payment.set_day(day);
    payment.set_attempt(1);
    for (const auto& [origin, points] : sums) {
      payment.set_points(payment.points() + points);
      payment.add_sums()->set_origin(origin);
      payment.mutable_sums()->rbegin()->set_points(points);
    }
    for (const auto& [origin, points] : carried) {
      payment.add_carried()->set_origin(origin);
      payment.mutable_carried()->rbegin()->set_points(points);
    }
    return payouts_.Check(record, nullptr);
  }

  BundlePayouts payouts_{/*whole=*/true};
  std::uint32_t run_ = 0;
};

TEST_F(DueTest, OneUnionsMoneyNeverMakesUpForAnothers) {
  CutAndAgree(1, {{1, 100}, {2, -30}, {3, 0}});
  CutAndAgree(2, {{1, 5}, {2, 50}});
  EXPECT_OK(Pay(1, {{1, 100}}, {{2, -30}}));
  EXPECT_OK(Pay(2, {{1, 5}, {2, 20}}, {}));
  CutAndAgree(3, {{1, 100}, {2, -30}});
  EXPECT_THAT(Pay(3, {{1, 70}}, {}), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(DueTest, DaysArePaidInTheirOrderAlsoOneThatIsCutLate) {
  CutAndAgree(5, {{1, 10}});
  EXPECT_OK(Pay(5, {{1, 10}}, {}));
  CutAndAgree(7, {{1, 20}});
  CutAndAgree(3, {{1, -15}});
  EXPECT_OK(Pay(3, {}, {{1, -15}}));
  EXPECT_OK(Pay(7, {{1, 5}}, {}));
  CutAndAgree(8, {{1, -1}});
  CutAndAgree(9, {{1, 20}});
  EXPECT_THAT(Pay(9, {{1, 20}}, {}), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::payouts_verdicts_test
