// SPDX-License-Identifier: Apache-2.0
// docs/pos-integration.md says what the API says.
#include "puhui/v1/errors.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "tests/unit/services/auth/api_comments.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace puhui::services {
namespace {

std::string Document() {
  std::ifstream file("docs/pos-integration.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

// Everything in the document that looks like this, as a whole.
std::set<std::string> Named(const std::string& pattern) {
  const std::string text = Document();
  const std::regex words(pattern);
  std::set<std::string> named;
  for (std::sregex_iterator at(text.begin(), text.end(), words), end; at != end; ++at) {
    named.insert((*at)[1].str());
  }
  return named;
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
  const std::set<std::string> named = Named("`([A-Z]+(?:_[A-Z]+)*)`");
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

}  // namespace
}  // namespace puhui::services
