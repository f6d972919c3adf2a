// SPDX-License-Identifier: Apache-2.0
// docs/pos-integration.md says what the API says.
#include "issuing/app/vault.h"
#include "merchant/core/enrolment_code.h"
#include "merchant/core/payment_code.h"
#include "merchant/core/voucher.h"
#include "puhui/v1/errors.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "tests/unit/services/auth/api_comments.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr char kReason[] = "`([A-Z]+(?:_[A-Z]+)*)`";

std::string Document(const std::string& path = "docs/pos-integration.md") {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Everything in a text that looks like this, in its order.
std::vector<std::string> NamedIn(const std::string& text, const std::string& pattern) {
  const std::regex words(pattern);
  std::vector<std::string> named;
  for (std::sregex_iterator at(text.begin(), text.end(), words), end; at != end; ++at) {
    named.push_back((*at)[1].str());
  }
  return named;
}

// The same of the document as a whole.
std::set<std::string> Named(const std::string& pattern) {
  const std::vector<std::string> named = NamedIn(Document(), pattern);
  return {named.begin(), named.end()};
}

// The rows of the table that begins with `head`, each as its cells.
std::vector<std::vector<std::string>> Table(const std::string& head) {
  const std::string text = Document();
  std::vector<std::vector<std::string>> rows;
  const std::size_t from = text.find(head);
  if (from == std::string::npos) return rows;
  for (const absl::string_view line : absl::StrSplit(absl::string_view(text).substr(from), '\n')) {
    if (!absl::StartsWith(line, "| ")) {
      if (!absl::StartsWith(line, "|-")) break;
      continue;
    }
    rows.push_back(absl::StrSplit(line.substr(2), " | "));
  }
  return rows;
}

TEST(PosDocumentTest, NamesFieldsThatThereAre) {
  const google::protobuf::FileDescriptor& file = *v1::PurchaseRequest::descriptor()->file();
  const std::set<std::string> fields = Named("`([A-Z][A-Za-z]+\\.[a-z_]+)`");
  EXPECT_GE(fields.size(), 20);
  for (const std::string& name : fields) {
    const std::size_t dot = name.find('.');
    const auto* const message = file.FindMessageTypeByName(name.substr(0, dot));
    ASSERT_NE(message, nullptr) << name;
    EXPECT_NE(message->FindFieldByName(name.substr(dot + 1)), nullptr) << name;
  }
}

TEST(PosDocumentTest, NamesCallsThatThereAreAndAllOfThem) {
  const google::protobuf::ServiceDescriptor& service =
      *v1::PurchaseRequest::descriptor()->file()->FindServiceByName("PosService");
  const std::set<std::string> named = Named("`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`");
  for (const std::string& name : named) {
    EXPECT_NE(service.FindMethodByName(name), nullptr) << name;
  }
  for (int i = 0; i < service.method_count(); ++i) {
    if (service.method(i)->client_streaming()) continue;  // Calls of Purchase, told of there.
    EXPECT_TRUE(named.contains(service.method(i)->name())) << service.method(i)->name();
  }
}

TEST(PosDocumentTest, SaysOfEveryReasonWhatToDo) {
  const std::set<std::string> named = Named(kReason);
  for (const std::string& name : named) {
    v1::Reason reason{};
    EXPECT_TRUE(v1::Reason_Parse(absl::StrCat("REASON_", name), &reason)) << name;
  }
  const google::protobuf::ServiceDescriptor& service =
      *v1::PurchaseRequest::descriptor()->file()->FindServiceByName("PosService");
  for (const RpcComment& comment : RpcComments()) {
    if (service.FindMethodByName(comment.method) == nullptr) continue;
    const std::size_t from = comment.text.find("Reasons: ");
    ASSERT_NE(from, std::string::npos) << comment.method;
    const std::string reasons = comment.text.substr(from);
    const std::regex words("[A-Z]+(?:_[A-Z]+)+");
    for (std::sregex_iterator at(reasons.begin(), reasons.end(), words), end; at != end; ++at) {
      EXPECT_TRUE(named.contains(at->str())) << comment.method << ": " << at->str();
    }
  }
}

TEST(PosDocumentTest, HasOneResponseCodeForEveryReason) {
  std::set<std::string> reasons;
  for (const std::vector<std::string>& row : Table("| reason | did it happen |")) {
    for (const std::string& name : NamedIn(row.at(0), kReason)) reasons.insert(name);
  }
  EXPECT_GE(reasons.size(), 60U);
  std::set<std::string> coded;
  bool others = false;
  for (const std::vector<std::string>& row : Table("| response code | reason |")) {
    for (const std::string& name : NamedIn(row.at(1), kReason)) {
      EXPECT_TRUE(coded.insert(name).second) << name << " has two";
    }
    others = others || absl::StrContains(row.at(1), "any reason that is not in this table");
  }
  EXPECT_EQ(coded, reasons);
  EXPECT_TRUE(others);
}

// What a reader copies from a sample, or feeds to a scanner, fits the checks that it is told of.
TEST(PosDocumentTest, SamplesAreWrittenAsRealNumbersAre) {
  for (const char* const path :
       {"README.md", "README.zh-CN.md", "docs/domain.md", "docs/hr-integration.md",
        "docs/marketplace.md", "docs/operations.md", "docs/pos-integration.md"}) {
    const std::string text = Document(path);
    EXPECT_FALSE(text.empty()) << path;
    for (const std::string& card : NamedIn(text, "--card ([0-9]+)")) {
      EXPECT_TRUE(absl::StartsWith("88", card.substr(0, 2))) << path << ": " << card;
      EXPECT_TRUE(card.size() <= 2 || issuing::IsOwnCardNumber(card)) << path << ": " << card;
    }
    for (const std::string& digits : NamedIn(text, "voucher redeem ([0-9]+)")) {
      EXPECT_TRUE(merchant::IsVoucherDigits(digits)) << path << ": " << digits;
    }
    for (const std::string& code : NamedIn(text, "([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})")) {
      EXPECT_TRUE(merchant::ReadEnrolmentCode(code).has_value()) << path << ": " << code;
    }
  }
}

TEST(PosDocumentTest, SaysTruthfullyWhatTheScannerReads) {
  std::vector<std::string> numbers;
  for (const std::vector<std::string>& row : Table("| what | how it is told |")) {
    for (const std::string& number : NamedIn(row.at(1), ": ([0-9]{16,})$")) {
      numbers.push_back(number);
    }
  }
  ASSERT_EQ(numbers.size(), 3U);
  EXPECT_TRUE(issuing::IsOwnCardNumber(numbers[0]));
  EXPECT_TRUE(merchant::IsPaymentCode(numbers[1]));
  EXPECT_EQ(merchant::PrefixOfCode(numbers[1]), "77");
  EXPECT_TRUE(merchant::IsVoucherDigits(numbers[2]));
}

}  // namespace
}  // namespace puhui::services
