// SPDX-License-Identifier: Apache-2.0
// Every reason and every kind of record has a word in Chinese and in English.
#include "puhui/v1/errors.pb.h"
#include "services/cli/audit_report_words.h"
#include "services/cli/enum_text.h"
#include "services/cli/record_kinds.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::Contains;
using ::testing::Not;

bool IsChinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

void ExpectWords(const std::string& name, const Words& words) {
  EXPECT_TRUE(IsChinese(words.zh)) << name;
  EXPECT_FALSE(words.en.empty() || words.en == name || IsChinese(words.en)) << name;
}

// Each once, and of nothing that there is not.
void ExpectNames(absl::Span<const NamedWords> table, const std::set<std::string>& names) {
  std::set<std::string> named;
  for (const NamedWords& words : table) {
    const std::string name(words.name);
    EXPECT_TRUE(named.insert(name).second) << name << " is there twice";
    EXPECT_EQ(names.count(name), 1U) << name << " does not exist";
  }
}

TEST(AuditWordsTest, EveryReasonHasWords) {
  const google::protobuf::EnumDescriptor& reasons = *v1::Reason_descriptor();
  std::set<std::string> names;
  for (int i = 0; i < reasons.value_count(); ++i) {
    if (reasons.value(i)->number() == 0) continue;
    names.insert(EnumText(reasons, reasons.value(i)->number()));
  }
  EXPECT_GT(names.size(), 100U);
  for (const std::string& name : names) ExpectWords(name, ReasonWords(name));
  ExpectNames(ReasonWordTable(), names);
}

TEST(AuditWordsTest, EveryKindOfRecordHasWords) {
  std::set<std::string> names(RecordKinds().begin(), RecordKinds().end());
  EXPECT_GT(names.size(), 100U);
  names.insert({"member_changed", "earlier_refund", "break_glass", "difference"});
  for (const std::string& name : names) ExpectWords(name, RecordWords(name));
  ExpectNames(RecordWordTable(), names);
}

TEST(AuditWordsTest, WhatHasNoWordsIsSaidItself) {
  EXPECT_EQ(RecordWords("newer_than_this").zh, "newer_than_this");
  EXPECT_EQ(ReasonWords("999").en, "999");
}

TEST(RecordKindsTest, AreThoseOfTheJournal) {
  for (const char* const kind : {"entry/purchase", "entry/allocation", "member_changed/left",
                                 "merchant_registered", "declined", "period_lines"}) {
    EXPECT_THAT(RecordKinds(), Contains(kind));
    EXPECT_TRUE(IsRecordKind(kind));
  }
  // All of them together may be asked for, and what is a part of an entry is no kind.
  EXPECT_TRUE(IsRecordKind("entry"));
  for (const char* const none : {"entry", "member_changed", "entry/opened_day", "entry/postings"}) {
    EXPECT_THAT(RecordKinds(), Not(Contains(none)));
  }
  for (const char* const none : {"", "x", "purchase", "sequence", "declined/reason"}) {
    EXPECT_FALSE(IsRecordKind(none)) << none;
  }
}

}  // namespace
}  // namespace puhui::services
