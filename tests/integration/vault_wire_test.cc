// SPDX-License-Identifier: Apache-2.0
// Personal data in a real puhuid: nothing of it outside the vault's ciphertext, the vault's key
// replaced while calls go on, and keys that are gone, wrong or damaged at the start.
#include "ledger/core/refusal.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/device_rows.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/device_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/rpc/error.h"
#include "tests/integration/free_port.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace puhui {
namespace {

namespace fs = std::filesystem;
using ledger::Reason;
using Members = v1::MemberService::Stub;
using ::testing::HasSubstr;

std::string BytesOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class VaultWireTest : public ::testing::Test {
 protected:
  VaultWireTest() { deployment_.Configure({.metrics_listen = metrics_.address()}); }

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    Stage stage(&deployment_, "fh-1", &random_);
    ASSERT_OK(stage.FoundUnion());
  }
  std::unique_ptr<Members> As(const std::string& role) {
    return v1::MemberService::NewStub(
        deployment_.Connect(absl::StrCat("/", role, "/unions/fh-1/people/", role)));
  }
  template <class Request>
  Request Wish(const std::string& name) {
    Request request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(name);
    return request;
  }
  absl::StatusOr<std::string> Add(const v1::NewMember& person) {
    v1::CreateMemberRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_union_("unions/fh-1");
    *request.mutable_member() = person;
    const auto response = Ask(*As("hr"), &Members::CreateMember, request);
    if (!response.ok()) return response.status();
    return response->member().name();
  }
  absl::StatusOr<v1::GetStatusResponse> Status() {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
    return Ask(*admin, &v1::AdminService::Stub::GetStatus, v1::GetStatusRequest());
  }
  absl::StatusOr<v1::RotateKeyResponse> RotateKey() {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
    v1::RotateKeyRequest request;
    request.set_request_id(NewRequestId(random_));
    return Ask(*admin, &v1::AdminService::Stub::RotateKey, request);
  }
  absl::Status AwaitRotation() {
    while (true) {
      const auto status = Status();
      if (!status.ok()) return status.status();
      if (status->key_rotation().has_finish_time()) return absl::OkStatus();
    }
  }
  // As they are sealed. Requires: the server is stopped.
  std::vector<std::string> DeviceSecrets() {
    std::vector<std::string> secrets;
    const auto store = ledger::RocksStore::Open(
        {.path = services::StorePath(deployment_.data_directory()), .read_only = true});
    EXPECT_OK(store);
    if (!store.ok()) return secrets;
    EXPECT_OK(ledger::Scan(**store, merchant::kDeviceSecretTable, {},
                           [&](std::uint32_t /*device*/, const std::string& sealed) {
                             secrets.push_back(sealed);
                             return absl::StatusOr<bool>(true);
                           }));
    return secrets;
  }
  std::string KeyPath(const std::string& name) {
    return deployment_.directory().Join(absl::StrCat("keys/", name));
  }
  void ExpectVerified() {
    ASSERT_OK_AND_ASSIGN(const auto report,
                         services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
    EXPECT_TRUE(report.ok()) << report.findings.front();
  }
  // What it says when it gives up.
  std::string Refusal() {
    const auto end = deployment_.RunAnother();
    EXPECT_OK(end);
    if (!end.ok()) return "";
    EXPECT_EQ(end->exit_code, 1);
    return end->said;
  }

  const FreePort metrics_;
  SeededRandom random_{20'250'211};
  Deployment deployment_;
};

// Unlike anything else, so that finding it means finding it.
struct Canaries {
  std::vector<std::string> all{};
  std::string Add(const std::string& canary) {
    all.push_back(canary);
    return canary;
  }
};

// Every string of `text` that is among the canaries.
std::vector<std::string> In(const std::string& text, const Canaries& canaries) {
  std::vector<std::string> found;
  for (const std::string& canary : canaries.all) {
    if (absl::StrContains(text, canary)) found.push_back(canary);
  }
  return found;
}

class CanaryTest : public VaultWireTest {
 protected:
  v1::NewMember Bird(int n) {
    v1::NewMember person = Person(static_cast<std::size_t>(7'000 + n));
    person.set_external_id(birds_.Add(absl::StrCat("XQZ-EXT-", n, "-J7")));
    person.set_full_name(birds_.Add(absl::StrCat("龘靐齉", n, "爩鱻")));
    person.set_mobile(birds_.Add(absl::StrCat("1738264059", n)));
    person.set_department(birds_.Add(absl::StrCat("麤灪龗", n)));
    person.set_employment(birds_.Add(absl::StrCat("Zyxwvut-", n, "-Qpon")));
    birds_.Add(person.id_number());
    return person;
  }
  // Asks what is refused; the answer must repeat nothing.
  template <class Request, class Response>
  void ExpectSilent(Members& stub,
                    grpc::Status (Members::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                    const Request& request) {
    grpc::ClientContext context;
    SetPatience(&context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    EXPECT_FALSE(status.ok());
    said_ += status.error_message() + status.error_details();
  }

  Canaries birds_;
  std::string said_;  // In refusals.
};

// Everything that can be done with a person, and everything that can be refused.
TEST_F(CanaryTest, NothingOfAPersonIsFoundOutsideTheVaultsCiphertext) {
  const auto hr = As("hr");
  const auto admin = As("union-admin");
  ASSERT_OK_AND_ASSIGN(const std::string name, Add(Bird(1)));
  v1::GetMemberRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto member, Ask(*hr, &Members::GetMember, get));
  birds_.Add(member.member().card_number());

  v1::UpdateMemberRequest update = Wish<v1::UpdateMemberRequest>(name);
  *update.mutable_member() = Bird(2);
  for (const char* path : {"full_name", "mobile", "department", "employment"}) {
    update.mutable_update_mask()->add_paths(path);
  }
  ASSERT_OK(Ask(*hr, &Members::UpdateMember, update));
  v1::RevealMemberRequest reveal = Wish<v1::RevealMemberRequest>(name);
  reveal.add_fields(v1::PERSONAL_FIELD_FULL_NAME);
  reveal.add_fields(v1::PERSONAL_FIELD_ID_NUMBER);
  reveal.set_reason("to print a card");
  ASSERT_OK(Ask(*hr, &Members::RevealMember, reveal));
  v1::SearchMembersRequest search;
  search.set_parent("unions/fh-1");
  search.set_name_prefix(Bird(2).full_name());
  ASSERT_OK_AND_ASSIGN(const auto found, Ask(*hr, &Members::SearchMembers, search));
  EXPECT_EQ(found.members_size(), 1);
  v1::SubmitApplicationRequest apply;
  apply.set_request_id(NewRequestId(random_));
  apply.set_parent("unions/fh-1");
  *apply.mutable_applicant() = Bird(3);
  ASSERT_OK_AND_ASSIGN(const auto applied, Ask(*hr, &Members::SubmitApplication, apply));
  v1::DecideApplicationRequest decide =
      Wish<v1::DecideApplicationRequest>(applied.application().name());
  decide.set_decision(v1::DecideApplicationRequest::DECISION_ACCEPT);
  decide.set_reason("papers seen");
  ASSERT_OK(Ask(*admin, &Members::DecideApplication, decide));
  ASSERT_OK(Ask(*hr, &Members::ReplaceCard, Wish<v1::ReplaceCardRequest>(name)));
  ASSERT_OK_AND_ASSIGN(const auto replaced, Ask(*hr, &Members::GetMember, get));
  birds_.Add(replaced.member().card_number());
  ASSERT_OK(RotateKey());
  ASSERT_OK(AwaitRotation());

  v1::CreateMemberRequest again;
  again.set_request_id(NewRequestId(random_));
  again.set_union_("unions/fh-1");
  *again.mutable_member() = Bird(1);
  ExpectSilent(*hr, &Members::CreateMember, again);  // A member already.
  again.mutable_member()->mutable_id_number()->back() = 'Z';
  birds_.Add(again.member().id_number());
  ExpectSilent(*hr, &Members::CreateMember, again);
  again.mutable_member()->set_full_name("=" + Bird(1).full_name());
  ExpectSilent(*hr, &Members::CreateMember, again);
  reveal.set_request_id(NewRequestId(random_));
  reveal.set_reason("of " + Bird(2).full_name());
  ExpectSilent(*hr, &Members::RevealMember, reveal);
  search.set_mobile_last_four(Bird(1).mobile());
  ExpectSilent(*hr, &Members::SearchMembers, search);
  v1::LookupMemberRequest lookup;
  lookup.set_card_number(replaced.member().card_number() + "1");
  ExpectSilent(*hr, &Members::LookupMember, lookup);
  lookup.mutable_external()->set_union_("unions/fh-1");
  lookup.mutable_external()->set_external_id(Bird(1).external_id() + "-nobody");
  ExpectSilent(*hr, &Members::LookupMember, lookup);

  EXPECT_THAT(In(said_, birds_), ::testing::IsEmpty());
  const std::string metrics = metrics_.Read("/metrics");
  EXPECT_THAT(In(metrics, birds_), ::testing::IsEmpty());
  for (const char* metric : {"puhui_sequence", "puhui_search_sequence", "puhui_search_ready"}) {
    EXPECT_THAT(metrics, HasSubstr(metric));
  }
  const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  v1::ListRecordsRequest list;
  list.set_from_sequence(1);
  list.set_page_size(1'000);
  ASSERT_OK_AND_ASSIGN(const auto records,
                       Ask(*auditor, &v1::AuditService::Stub::ListRecords, list));
  EXPECT_THAT(records.DebugString(), HasSubstr("member_revealed"));
  EXPECT_THAT(In(records.DebugString(), birds_), ::testing::IsEmpty());
  // While it runs, after a kill, and after it was stopped: the write-ahead log and the tables.
  for (const bool stop : {false, true}) {
    if (stop) {
      ASSERT_OK(deployment_.Start());
      ASSERT_OK(deployment_.Stop());
    } else {
      deployment_.KillAndWait();
    }
    for (const auto& entry : fs::recursive_directory_iterator(deployment_.directory().path())) {
      if (!entry.is_regular_file()) continue;
      EXPECT_THAT(In(BytesOf(entry.path()), birds_), ::testing::IsEmpty()) << entry.path();
    }
  }
  // Files may be compressed; rows are not.
  ASSERT_OK_AND_ASSIGN(
      const auto store,
      ledger::RocksStore::Open(
          {.path = services::StorePath(deployment_.data_directory()), .read_only = true}));
  for (const ledger::Family family : ledger::kAllFamilies) {
    const auto cursor = store->NewCursor(family);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      EXPECT_THAT(In(absl::StrCat(cursor->key(), cursor->value()), birds_), ::testing::IsEmpty());
    }
    EXPECT_OK(cursor->status());
  }
  ExpectVerified();
}

TEST_F(VaultWireTest, NoCoreIsDumped) {
  const std::string limits = BytesOf(absl::StrCat("/proc/", deployment_.pid(), "/limits"));
  for (const absl::string_view line : absl::StrSplit(limits, '\n')) {
    if (!absl::StartsWith(line, "Max core file size")) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line.substr(18), ' ', absl::SkipEmpty());
    EXPECT_EQ(words[0], "0");
    EXPECT_EQ(words[1], "0");
    return;
  }
  FAIL() << "the limit of core dumps is not among the limits";
}

TEST_F(VaultWireTest, TheKeyIsReplacedWhileItRunsAndOverAKill) {
  Stage stage(&deployment_, "fh-1", &random_);
  ASSERT_OK_AND_ASSIGN(const auto people, stage.EnrolMembers(1, 3'000));
  ASSERT_OK_AND_ASSIGN(const auto begun, RotateKey());
  EXPECT_EQ(begun.key_rotation().key(), 2U);
  EXPECT_TRUE(fs::exists(KeyPath("vault-2.key")));
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  ASSERT_OK(AwaitRotation());
  ASSERT_OK_AND_ASSIGN(const auto status, Status());
  EXPECT_EQ(status.key_rotation().members(), 3'000U);
  ASSERT_OK(deployment_.Stop());
  fs::remove(KeyPath("vault.key"));  // It opens nothing any more.
  ASSERT_OK(deployment_.Start());
  v1::GetMemberRequest get;
  for (const std::string& name : {people.front(), people.back()}) {
    get.set_name(name);
    ASSERT_OK_AND_ASSIGN(const auto member, Ask(*As("hr"), &Members::GetMember, get));
    EXPECT_FALSE(member.member().full_name().empty());
  }
  ASSERT_OK_AND_ASSIGN(const auto second, RotateKey());
  EXPECT_EQ(second.key_rotation().key(), 3U);
  ASSERT_OK(AwaitRotation());
  ASSERT_OK(Add(Person(9'000)));
  ASSERT_OK(deployment_.Stop());
  ExpectVerified();
}

TEST_F(VaultWireTest, ErasureLeavesTheLedgerWhole) {
  ASSERT_OK_AND_ASSIGN(const std::string name, Add(Person(1)));
  const auto devices =
      v1::DeviceService::NewStub(deployment_.Connect(absl::StrCat("/member/", name)));
  v1::EnrolDeviceRequest enrol;
  enrol.set_request_id(NewRequestId(random_));
  enrol.set_parent(name);
  ASSERT_OK(Ask(*devices, &v1::DeviceService::Stub::EnrolDevice, enrol));
  const auto admin = As("union-admin");
  ASSERT_OK(Ask(*admin, &Members::RemoveMember, Wish<v1::RemoveMemberRequest>(name)));
  ASSERT_OK(Ask(*admin, &Members::ErasePersonalData, Wish<v1::ErasePersonalDataRequest>(name)));
  // The same call again would have to give the secret once more.
  EXPECT_THAT(Ask(*devices, &v1::DeviceService::Stub::EnrolDevice, enrol),
              Refuses(Reason::kNotFound));
  ASSERT_OK(deployment_.Stop());
  ExpectVerified();
  EXPECT_THAT(DeviceSecrets(), ::testing::ElementsAre(""));
  ASSERT_OK(deployment_.Start());
  v1::GetMemberRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto member, Ask(*As("hr"), &Members::GetMember, get));
  EXPECT_EQ(member.member().full_name(), "");
}

TEST_F(VaultWireTest, AKeyThatIsGoneWrongOrDamagedIsNamedAndNothingIsServed) {
  ASSERT_OK(Add(Person(1)));
  ASSERT_OK(deployment_.Stop());
  for (const char* key : {"vault.key", "lookup.key", "checkpoint.pem"}) {
    SCOPED_TRACE(key);
    const std::string path = KeyPath(key);
    const std::string right = BytesOf(path);
    const auto put = [&path](const std::string& bytes) {
      std::ofstream(path, std::ios::trunc) << bytes;
      fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    };
    fs::remove(path);
    EXPECT_THAT(Refusal(), HasSubstr(path));
    EXPECT_FALSE(fs::exists(path)) << "nobody makes up for a key that is gone";
    put(right.substr(0, right.size() / 2));
    EXPECT_THAT(Refusal(), HasSubstr(path));
    put("");
    EXPECT_THAT(Refusal(), HasSubstr(path));
    if (std::string(key) != "checkpoint.pem") {
      put(std::string(64, 'a') + "\n");
      EXPECT_THAT(Refusal(), HasSubstr(path));
    }
    put(right);
  }
  EXPECT_OK(deployment_.Start());
}

}  // namespace
}  // namespace puhui
