// SPDX-License-Identifier: Apache-2.0
// Codes that a device computes without a network: good once and about now, and worth nothing when
// the device is revoked.
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/device_rows.h"
#include "tests/unit/merchant/app/device_fixture.h"
#include "tests/unit/merchant/app/folded_again.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;

using DeviceCodesTest = DeviceTest;

TEST_F(DeviceCodesTest, ACodePaysOnceAndNamesItsDevice) {
  const Device device = EnrolDevice();
  const std::string code = CodeOf(device);
  ASSERT_TRUE(IsPaymentCode(code));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(code));
  ASSERT_TRUE(paid.first().entry().has_purchase());
  EXPECT_EQ(paid.first().entry().member(), kMember.ToBytes());
  EXPECT_EQ(paid.first().entry().purchase().code().device(), device.number + 1);
  EXPECT_THAT(Pay(code), Declines(Reason::kPaymentCodeUsed));
  EXPECT_THAT(Pay(code, "t-2"), Declines(Reason::kPaymentCodeUsed));
  ledger_.clock().Advance(kDeviceStep);
  EXPECT_TRUE(Pays(CodeOf(device)));
}

TEST_F(DeviceCodesTest, AClockMayBeOneStepOffEitherWay) {
  const Device device = EnrolDevice();
  EXPECT_TRUE(Pays(CodeOf(device, -kDeviceStep)));
  EXPECT_TRUE(Pays(CodeOf(device, kDeviceStep)));
  EXPECT_THAT(Pay(CodeOf(device, -2 * kDeviceStep)), Declines(Reason::kPaymentCodeExpired));
  EXPECT_THAT(Pay(CodeOf(device, 2 * kDeviceStep)), Declines(Reason::kPaymentCodeUnknown));
}

// Late is late up to ten minutes; an hour off cannot be told from made up.
TEST_F(DeviceCodesTest, ADeviceAnHourOffIsUnknown) {
  const Device device = EnrolDevice();
  EXPECT_THAT(Pay(CodeOf(device, -absl::Minutes(10))), Declines(Reason::kPaymentCodeExpired));
  EXPECT_THAT(Pay(CodeOf(device, -absl::Hours(1))), Declines(Reason::kPaymentCodeUnknown));
}

TEST_F(DeviceCodesTest, ARevokedDevicePaysNothingMore) {
  const Device device = EnrolDevice();
  const Device other = EnrolDevice();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome revoked, Revoke(device.number));
  EXPECT_EQ(revoked.first().device_revoked().person(), "people/li-1");
  EXPECT_THAT(Pay(CodeOf(device)), Declines(Reason::kDeviceRevoked));
  EXPECT_TRUE(Pays(CodeOf(other)));
  EXPECT_OK(Revoke(device.number));  // Twice does no harm.
  EXPECT_EQ(tables_.member_devices.Find(kMember)->devices.size(), 1U);
  EXPECT_EQ(*tables_.counts.Find(kDeviceCount), 1U);
}

// The look-up says that it is good, and then it is revoked before the call is decided.
TEST_F(DeviceCodesTest, ADeviceThatIsRevokedMeanwhilePaysNothing) {
  const Device device = EnrolDevice();
  ASSERT_OK_AND_ASSIGN(const ShownCode code,
                       codes_.Look(CodeOf(device), ledger_.store(), ledger_.clock().Now()));
  ASSERT_OK(Revoke(device.number));
  PurchaseCommand command(
      State(), NextCall(),
      {.points = Points::FromStored(1), .authorization_code = "A1B2C3", .code = code});
  EXPECT_THAT(Submit(command), Declines(Reason::kDeviceRevoked));
}

TEST_F(DeviceCodesTest, AMemberHasFiveAndNobodyElses) {
  const Device first = EnrolDevice();
  for (std::size_t i = 1; i < kDevicesPerMemberMax; ++i) EnrolDevice();
  EXPECT_THAT(TryEnrol("s"), Refuses(Reason::kDevicesLimit));
  EXPECT_THAT(Revoke(first.number, MemberId(9, 9)), Refuses(Reason::kNotFound));
  EXPECT_THAT(Revoke(first.number + 1), Refuses(Reason::kNotFound));
  ASSERT_OK(Revoke(first.number));
  EXPECT_OK(TryEnrol("s"));
  EXPECT_THAT(TryEnrol("s", MemberId(9, 9)), Refuses(Reason::kNotFound));
  ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
  EXPECT_THAT(TryEnrol("s"), Refuses(Reason::kMemberNotActive));
}

// A number is given once, so who revokes and enrols again uses them up.
TEST_F(DeviceCodesTest, AMemberHasSoManyEverRevokedOnesIncluded) {
  for (std::uint32_t i = 0; i < kDevicesEverPerMemberMax; ++i) {
    ASSERT_OK(Revoke(EnrolDevice().number)) << i;
  }
  EXPECT_EQ(tables_.member_devices.Find(kMember)->ever, kDevicesEverPerMemberMax);
  const auto refused = TryEnrol("s");
  EXPECT_THAT(refused, Refuses(Reason::kDevicesLimit));
  const auto refusal = ledger::RefusalOf(refused.status());
  ASSERT_TRUE(refusal.has_value());
  ASSERT_EQ(refusal->metadata.size(), 1U);
  EXPECT_EQ(refusal->metadata[0].first, "devices_ever_max");
  EXPECT_EQ(refusal->metadata[0].second, absl::StrCat(kDevicesEverPerMemberMax));
  // It is the member's own bound.
  const MemberId other(7, 7);
  Run([&](ledger::Decision& decision) {
    testing::AddMember(other, testing::TagOf(0xCA6E), decision);
  });
  EXPECT_OK(TryEnrol("s", other));
}

TEST_F(DeviceCodesTest, ThereAreNeverMoreThanTheSumAllows) {
  tables_.counts.Put(kDeviceCount, kDevicesMax);
  EXPECT_THAT(TryEnrol("s"), Refuses(Reason::kDevicesLimit));
}

TEST_F(DeviceCodesTest, TheSecretIsInTheVaultAloneAndSealed) {
  const Device device = EnrolDevice();
  for (const std::string& record : ledger_.Journal()) {
    EXPECT_EQ(record.find(device.secret), std::string::npos);
  }
  ASSERT_OK_AND_ASSIGN(const auto sealed,
                       ledger::Find(ledger_.store(), kDeviceSecretTable, device.number));
  ASSERT_TRUE(sealed.has_value());
  EXPECT_EQ(sealed->find(device.secret), std::string::npos);
  ASSERT_OK_AND_ASSIGN(const std::string opened, codes_.keys().Open(kMember, *sealed));
  EXPECT_EQ(opened, device.secret);
  EXPECT_FALSE(codes_.keys().Open(MemberId(9, 9), *sealed).ok());
}

// Once it has sent a code that does not exist, for a month: codes that were made here are good
// there, those of devices are as unknown as any guess.
TEST_F(DeviceCodesTest, ATerminalThatGuessedIsToldNothingOfDevices) {
  const Device device = EnrolDevice();
  EXPECT_THAT(Pay("770000000000000001"), Declines(Reason::kPaymentCodeUnknown));
  ledger_.clock().Advance(kDeviceCodesDoubted - absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome doubted, Pay(CodeOf(device)));
  EXPECT_EQ(ledger::ReasonFromNumber(doubted.first().declined().reason()),
            Reason::kPaymentCodeUnknown);
  EXPECT_TRUE(doubted.first().declined().member().empty());
  EXPECT_TRUE(Pays(CodeOf(device), "t-2"));
  const auto made = codes_.shelf().Make(kMember, CodePurpose::kTill, ledger_.clock().Now());
  EXPECT_TRUE(Pays(absl::get<CodeShelf::Made>(made).digits));
  // The first guess counts: those in between led to nobody, whatever they were.
  ledger_.clock().Advance(absl::Hours(1) + absl::Seconds(1));
  EXPECT_TRUE(Pays(CodeOf(device)));
}

// One code that nobody knows any more, and for a month those of devices are told nothing. They are
// no guesses all the same: what else is shown there is looked up, however many of them come.
TEST_F(DeviceCodesTest, AnHonestTillIsNotBlockedByCodesOfDevices) {
  const Device device = EnrolDevice();
  EXPECT_THAT(Pay("770000000000000001"), Declines(Reason::kPaymentCodeUnknown));
  for (int i = 0; i < 25; ++i) {
    ledger_.clock().Advance(absl::Minutes(30));
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome hidden, Pay(CodeOf(device)));
    const journal::v1::Declined& declined = hidden.first().declined();
    EXPECT_EQ(ledger::ReasonFromNumber(declined.reason()), Reason::kPaymentCodeUnknown) << i;
    EXPECT_TRUE(declined.device_code()) << i;
    EXPECT_TRUE(declined.member().empty());
  }
  const auto made = codes_.shelf().Make(kMember, CodePurpose::kTill, ledger_.clock().Now());
  EXPECT_TRUE(Pays(absl::get<CodeShelf::Made>(made).digits));
  EXPECT_FALSE(Pays(CodeOf(device)));
  ExpectFoldsAlike(ledger_);
}

// A till at which the twentieth is a device's, and one at which it is made up: both hear the same,
// until the code is good nowhere, and the block stays for both.
TEST_F(DeviceCodesTest, NoBlockTellsInTimeThatACodeIsADevices) {
  const Device device = EnrolDevice();
  for (std::uint32_t i = 1; i < kWrongCodesPerDayMax; ++i) {
    for (const char* till : {"t-1", "t-2"}) {
      ASSERT_THAT(Pay("770000000000000001", till), Declines(Reason::kPaymentCodeUnknown));
    }
    ledger_.clock().Advance(absl::Minutes(10));
  }
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome found, Pay(CodeOf(device), "t-1"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome made_up, Pay("770000000000000001", "t-2"));
  for (const ledger::Outcome* outcome : {&found, &made_up}) {
    const journal::v1::Declined& declined = outcome->first().declined();
    EXPECT_EQ(ledger::ReasonFromNumber(declined.reason()), Reason::kPaymentCodeUnknown);
    EXPECT_NE(declined.codes_blocked_until_micros(), 0);
    EXPECT_EQ(declined.device_code(), outcome == &found);
  }
  ledger_.clock().Advance(kHiddenCodeCounts);
  for (const char* till : {"t-1", "t-2"}) {
    EXPECT_THAT(Pay(CodeOf(device), till), Declines(Reason::kPaymentCodesBlocked));
  }
}

// A source that draws one number after the other.
class NumbersFrom final : public RandomSource {
 public:
  explicit NumbersFrom(std::uint64_t number) : number_(number) {}
  void Fill(absl::Span<std::uint8_t> bytes) override {
    PUHUI_CHECK(bytes.size() == sizeof(number_));
    std::memcpy(bytes.data(), &number_, sizeof(number_));
    ++number_;
  }

 private:
  std::uint64_t number_;
};

// Else who has devices would guess with their codes, which count as none.
TEST_F(DeviceCodesTest, ACodeThatWasMadeHereAndIsADevicesLeadsToNobody) {
  const MemberId other(7, 7);
  Run([&](ledger::Decision& decision) {
    testing::AddMember(other, testing::TagOf(0xCA6E), decision);
  });
  const Device device = EnrolDevice();
  const std::string digits = CodeOf(device);
  NumbersFrom random(NumberOfCode(digits));
  PaymentCodes codes({.keyed_hash = &keyed_hash_, .random = &random, .prefix = "77"});
  const auto made = codes.shelf().Make(other, CodePurpose::kTill, ledger_.clock().Now());
  ASSERT_EQ(absl::get<CodeShelf::Made>(made).digits, digits);
  // Of a device that is not there it is the member's who made it.
  ASSERT_OK_AND_ASSIGN(const ShownCode made_here,
                       codes.Look(digits, ledger::MemoryStore(), ledger_.clock().Now()));
  ASSERT_TRUE(made_here.known.has_value());
  EXPECT_EQ(made_here.known->member, other);
  ASSERT_OK_AND_ASSIGN(const ShownCode both,
                       codes.Look(digits, ledger_.store(), ledger_.clock().Now()));
  EXPECT_FALSE(both.known.has_value() || both.foreign);
  // Late by now, and a device's still.
  ledger_.clock().Advance(absl::Minutes(5));
  ASSERT_OK_AND_ASSIGN(const ShownCode late,
                       codes.Look(digits, ledger_.store(), ledger_.clock().Now()));
  EXPECT_FALSE(late.known.has_value());
}

TEST_F(DeviceCodesTest, ADeviceThatCannotBeReadSpoilsNoCodeThatWasMadeHere) {
  const MemberId other(7, 7);
  const Device device = EnrolDevice();
  const std::string digits = CodeOf(device);
  NumbersFrom random(NumberOfCode(digits));
  PaymentCodes codes({.keyed_hash = &keyed_hash_, .random = &random, .prefix = "77"});
  ASSERT_EQ(absl::get<CodeShelf::Made>(
                codes.shelf().Make(other, CodePurpose::kTill, ledger_.clock().Now()))
                .digits,
            digits);
  ledger::WriteBatch lost;
  ledger::DeleteRow(lost, kDeviceSecretTable, device.number);
  ASSERT_OK(ledger_.store().Commit(lost, ledger::Durability::kSynced));
  ASSERT_OK_AND_ASSIGN(const ShownCode shown,
                       codes.Look(digits, ledger_.store(), ledger_.clock().Now()));
  ASSERT_TRUE(shown.known.has_value());
  EXPECT_EQ(shown.known->member, other);
  // Its own codes are nobody's to answer for.
  EXPECT_THAT(codes_.Look(digits, ledger_.store(), ledger_.clock().Now()),
              HasCode(absl::StatusCode::kDataLoss));
}

// What is written to the vault when a member is erased, and nothing else.
class EraseSecrets final : public ledger::Command {
 public:
  EraseSecrets(Tables* tables, MemberId member) : tables_(tables), member_(member) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& /*context*/,
                                         ledger::Decision& decision) override {
    decision.Add().mutable_member_revealed()->set_member(member_.ToBytes());
    return absl::nullopt;
  }
  void StorePersonalData() override { EraseDeviceSecrets(member_, tables_); }

 private:
  Tables* const tables_;
  const MemberId member_;
};

TEST_F(DeviceCodesTest, TheSecretsOfAnErasedMemberAreDestroyedRevokedOnesToo) {
  const MemberId other(7, 7);
  Run([&](ledger::Decision& decision) {
    testing::AddMember(other, testing::TagOf(0xCA6E), decision);
  });
  const Device device = EnrolDevice();
  const Device revoked = EnrolDevice();
  ASSERT_OK(Revoke(revoked.number));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, TryEnrol("s", other));
  EraseSecrets erase(&tables_, kMember);
  ASSERT_OK(ledger_.Run(erase));
  for (const std::uint32_t number : {device.number, revoked.number}) {
    ASSERT_OK_AND_ASSIGN(const auto sealed,
                         ledger::Find(ledger_.store(), kDeviceSecretTable, number));
    ASSERT_TRUE(sealed.has_value());
    EXPECT_TRUE(sealed->empty());
  }
  ASSERT_OK_AND_ASSIGN(const auto others,
                       ledger::Find(ledger_.store(), kDeviceSecretTable,
                                    enrolled.first().device_enrolled().number()));
  ASSERT_TRUE(others.has_value());
  EXPECT_FALSE(others->empty());
}

// Nor does the till pay for it that the app was not told.
TEST_F(DeviceCodesTest, CodesOfADeviceWhoseSecretIsDestroyedAreExpiredAndNoGuesses) {
  const Device device = EnrolDevice();
  EraseSecrets erase(&tables_, kMember);
  ASSERT_OK(ledger_.Run(erase));
  ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kClosed;
  for (const absl::Duration off : {absl::ZeroDuration(), absl::Hours(24), -absl::Hours(24)}) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Pay(CodeOf(device, off)));
    const journal::v1::Declined& declined = outcome.first().declined();
    EXPECT_EQ(ledger::ReasonFromNumber(declined.reason()), Reason::kPaymentCodeExpired) << off;
    EXPECT_TRUE(declined.member().empty());  // Any digits behind the number would name it.
  }
  // The person joins again and enrols another: its codes are looked up at that till.
  ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kActive;
  EXPECT_TRUE(Pays(CodeOf(EnrolDevice())));
}

// Who is given such digits could not pay, and the till would be taken for one that guesses.
TEST_F(DeviceCodesTest, NoCodeIsMadeThatHasTheNumberOfADestroyedDevice) {
  const Device device = EnrolDevice();
  EraseSecrets erase(&tables_, kMember);
  ASSERT_OK(ledger_.Run(erase));
  const std::string digits = CodeOf(device, -absl::Hours(24));
  NumbersFrom random(NumberOfCode(digits));
  PaymentCodes codes({.keyed_hash = &keyed_hash_, .random = &random, .prefix = "77"});
  const absl::Time now = ledger_.clock().Now();
  ASSERT_OK_AND_ASSIGN(const CodeShelf::Made made,
                       codes.Make(kMember, CodePurpose::kTill, ledger_.store(), now));
  EXPECT_EQ(NumberOfCode(made.digits), NumberOfCode(digits) + 1);
  EXPECT_FALSE(codes.shelf().Look(digits, CodePurpose::kTill).known.has_value());
  ASSERT_OK_AND_ASSIGN(const ShownCode shown, codes.Look(made.digits, ledger_.store(), now));
  ASSERT_TRUE(shown.known.has_value());
  EXPECT_EQ(shown.known->member, kMember);
}

// Who does not have the cohort's key sees digits that have nothing in common.
TEST_F(DeviceCodesTest, CodesOfADeviceShareTheCohortAndNothingElse) {
  const Device device = EnrolDevice();
  std::set<std::uint64_t> tags;
  std::set<std::uint64_t> places;
  for (std::int64_t step = 0; step < 500; ++step) {
    const DeviceCode code =
        ComputeDeviceCode(device.number, device.secret, device.cohort_key, step);
    EXPECT_EQ(code.cohort, CohortOf(device.number));
    tags.insert(code.tag);
    places.insert(code.place);
  }
  EXPECT_EQ(tags.size(), 500U);
  EXPECT_GT(places.size(), 480U);
}

TEST_F(DeviceCodesTest, ARecoveryKnowsTheDevices) {
  const Device device = EnrolDevice();
  const Device revoked = EnrolDevice();
  ASSERT_OK(Revoke(revoked.number));
  ASSERT_TRUE(Pays(CodeOf(device)));
  testing::LedgerFixture recovered;
  Tables tables(&recovered.set());
  MerchantApplier applier(&tables, &recovered.views());
  recovered.Attach(&applier);
  ASSERT_OK(recovered.RecoverFrom(ledger_));
  for (const std::uint32_t number : {device.number, revoked.number}) {
    ASSERT_NE(tables.devices.Find(number), nullptr);
    EXPECT_EQ(ledger::EncodeValue(*tables.devices.Find(number)),
              ledger::EncodeValue(*tables_.devices.Find(number)));
  }
  EXPECT_NE(tables.device_secrets.Find(device.number), nullptr);
}

TEST(DeviceBytesTest, KeysAndRowsHaveTheirGoldenBytes) {
  const auto key = [](const auto& table, const auto& of) {
    return absl::BytesToHexString(ledger::EncodeKey(table.id, of));
  };
  EXPECT_EQ(key(kDeviceTable, std::uint32_t{258}), "5700000102");
  EXPECT_EQ(key(kMemberDeviceTable, MemberId(4, 5)), "5800000000000000040000000000000005");
  EXPECT_EQ(key(kDeviceSecretTable, std::uint32_t{258}), "6000000102");
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(
                DeviceRow{.member = MemberId(4, 5), .enrol_time = absl::FromUnixSeconds(1)})),
            "00000000000000040000000000000005"
            "01"
            "80897a");
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(MemberDevices{{300}, 7, {5}})),
            "01ac02070105");
  journal::v1::Record record;
  record.mutable_device_enrolled()->set_number(1);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "da05020801");
  record.mutable_device_revoked()->set_number(1);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "e205020801");
}

}  // namespace
}  // namespace puhui::merchant
