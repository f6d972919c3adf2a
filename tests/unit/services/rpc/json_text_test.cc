// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/json_text.h"

#include "tests/support/seeded_random.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

std::string Escaped(absl::string_view text) {
  std::string out = "before ";
  AppendJsonText(text, &out);
  return out.substr(7);
}

// As a reader who is not us reads it.
std::string ReadBack(absl::string_view text) {
  google::protobuf::Struct read;
  const std::string json = absl::StrCat("{\"text\":\"", Escaped(text), "\"}");
  const auto status = google::protobuf::util::JsonStringToMessage(json, &read);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  return read.fields().at("text").string_value();
}

TEST(JsonTextTest, LeavesOrdinaryTextAsItIs) {
  EXPECT_EQ(Escaped(""), "");
  EXPECT_EQ(Escaped("ready on 127.0.0.1:8443"), "ready on 127.0.0.1:8443");
  EXPECT_EQ(Escaped("数据目录 é 𝄞 \x7f"), "数据目录 é 𝄞 \x7f");
}

TEST(JsonTextTest, EscapesWhatAStringMustNotHold) {
  EXPECT_EQ(Escaped("a\"b\\c"), "a\\\"b\\\\c");
  EXPECT_EQ(Escaped(absl::string_view("\n\t\0\x1f", 4)), "\\u000a\\u0009\\u0000\\u001f");
}

TEST(JsonTextTest, ReplacesEveryByteThatIsNotPartOfUtf8) {
  EXPECT_EQ(Escaped("a\xff\x62"), "a\\ufffdb");
  EXPECT_EQ(Escaped("\x80"), "\\ufffd");
  EXPECT_EQ(Escaped("\xc0\xaf"), "\\ufffd\\ufffd");             // Longer than needed.
  EXPECT_EQ(Escaped("\xe0\x9f\xbf"), "\\ufffd\\ufffd\\ufffd");  // Likewise.
  EXPECT_EQ(Escaped("\xed\xa0\x80"), "\\ufffd\\ufffd\\ufffd");  // Half of a surrogate pair.
  EXPECT_EQ(Escaped("\xf4\x90\x80\x80"), "\\ufffd\\ufffd\\ufffd\\ufffd");  // Beyond U+10FFFF.
  EXPECT_EQ(Escaped("\xe6\x95"), "\\ufffd\\ufffd");                        // Cut short at the end.
  EXPECT_EQ(Escaped("\xe6\x95\""), "\\ufffd\\ufffd\\\"");                  // And by a quote.
}

TEST(JsonTextTest, AnyBytesAreValidJsonAndTextIsReadBackAsItWas) {
  EXPECT_EQ(ReadBack("/var/lib/\"工会\"\\数据\n"), "/var/lib/\"工会\"\\数据\n");
  SeededRandom random(11);
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes;
    for (std::uint64_t i = random.Below(24); i > 0; --i) {
      bytes.push_back(static_cast<char>(random.Below(256)));
    }
    ReadBack(bytes);
  }
}

}  // namespace
}  // namespace puhui::services
