// SPDX-License-Identifier: Apache-2.0
#include "services/yaml/yaml_message.h"

#include "ledger/base/limits.h"
#include "puhui/config/v1/server_config.pb.h"
#include "puhui/v1/rule_pack.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace puhui::services {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(YamlMessageTest, FillsEveryKindOfField) {
  v1::RulePack pack;
  ASSERT_OK(ReadYaml(R"(
id: anhui
version: 007
display_name: "安徽"
issuer_kinds: [ISSUER_KIND_ENTERPRISE, ISSUER_KIND_OTHER]
points_per_year_max: 150000
merchant_categories: [5411, '0742']
occasions:
  - name: new-year
  - name: sanyuesan
    minority_festival: true
    points_max: -5
)",
                     &pack));
  EXPECT_EQ(pack.id(), "anhui");
  EXPECT_EQ(pack.version(), 7U) << "decimal, whatever it begins with";
  EXPECT_EQ(pack.display_name(), "安徽");
  EXPECT_THAT(pack.issuer_kinds(), ElementsAre(v1::ISSUER_KIND_ENTERPRISE, v1::ISSUER_KIND_OTHER));
  EXPECT_EQ(pack.points_per_year_max(), 150'000);
  EXPECT_FALSE(pack.has_points_per_occasion_max());
  EXPECT_THAT(pack.merchant_categories(), ElementsAre("5411", "0742"));
  ASSERT_EQ(pack.occasions_size(), 2);
  EXPECT_FALSE(pack.occasions(0).has_points_max());
  EXPECT_TRUE(pack.occasions(1).minority_festival());
  EXPECT_EQ(pack.occasions(1).points_max(), -5) << "rules are for others to judge";
}

TEST(YamlMessageTest, KnowsTheLineOfEveryField) {
  v1::RulePack pack;
  ASSERT_OK_AND_ASSIGN(const FieldLines lines, ReadYaml("# A comment.\n"
                                                        "id: anhui\n"
                                                        "occasions:\n"
                                                        "  - name: new-year\n"
                                                        "\n"
                                                        "  - name: qingming\n"
                                                        "    points_max: 1\n",
                                                        &pack));
  EXPECT_EQ(lines.LineOf("id"), 2);
  EXPECT_EQ(lines.LineOf("occasions"), 3);
  EXPECT_EQ(lines.LineOf("occasions[0]"), 4);
  EXPECT_EQ(lines.LineOf("occasions[1].points_max"), 7);
  EXPECT_EQ(lines.LineOf("occasions[0].points_max"), 4) << "not there: that of its entry";
  EXPECT_EQ(lines.LineOf("occasions[7].name"), 3) << "not there: that of its list";
  EXPECT_EQ(lines.LineOf("version"), 1);
}

TEST(YamlMessageTest, WhatIsWrongIsNamedByLineAndField) {
  struct Row {
    std::string text;
    std::string where;
  };
  const Row rows[] = {
      {"id: anhui\nidd: x\n", "line 2: idd: "},
      {"id: anhui\n\nid: hubei\n", "line 3: id: "},
      {"id: [anhui]\n", "line 1: id: "},
      {"id:\n", "line 1: id: "},
      {"id: \xff\n", "line 1: id: "},
      {"version: -1\n", "line 1: version: "},
      {"version: 1.5\n", "line 1: version: "},
      {"version: 4294967296\n", "line 1: version: "},
      {"points_per_year_max: 9223372036854775808\n", "line 1: points_per_year_max: "},
      {"points_per_year_max: 1_500\n", "line 1: points_per_year_max: "},
      {"issuer_kinds: ISSUER_KIND_OTHER\n", "line 1: issuer_kinds: "},
      {"issuer_kinds:\n- ISSUER_KIND_OTHER\n- bank\n", "line 3: issuer_kinds[1]: "},
      {"issuer_kinds: [ISSUER_KIND_UNSPECIFIED]\n", "line 1: issuer_kinds[0]: "},
      {"occasions:\n- name: a\n- b\n", "line 3: occasions[1]: "},
      {"occasions:\n- name: a\n  minority_festival: 7\n",
       "line 3: occasions[0].minority_festival: "},
      {"occasions:\n- name: a\n  nam: b\n", "line 3: occasions[0].nam: "},
      {"? [a]\n: b\n", "line 1: : "},
      {"<<: {id: a}\n", "line 1: <<: "},
      {"- id: anhui\n", "line 1: the file: "},
      {"", "line 1: the file: "},
      {"id: a\n---\nid: b\n", "line 1: the file: "},
      {"id: &a b\nbasis: *a\n", "line 2: the file: "},
      {"occasions: &a\n- name: *a\n", "line 2: the file: "},
      // yaml-cpp's LoadAll never ends on this one.
      {" ,n C \nm\xE5\xB1\x82 am", "line 1: the file: "},
      {"id: a\n  version: 1\n", "line 2: not YAML: "},
      {"id: 'a\nversion: 1\n", "line 3: not YAML: "},
      {std::string(kYamlBytesMax + 1, '#'), "line 1: the file: "},
  };
  for (const Row& row : rows) {
    v1::RulePack pack;
    const auto read = ReadYaml(row.text, &pack);
    const std::string text = row.text.substr(0, 80);
    ASSERT_THAT(read, HasCode(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_THAT(std::string(read.status().message()), StartsWith(row.where)) << text;
  }
}

TEST(YamlMessageTest, AFileIsNamedInWhatIsSaidOfIt) {
  const TempDir folder;
  const std::string path = folder.Join("server.yaml");
  std::ofstream(path) << "listen: 127.0.0.1:0\ntls:\n  cert: a\n  kee: b\n";
  config::v1::ServerConfig config;
  const auto read = ReadYamlFile(path, &config);
  ASSERT_THAT(read, HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(read.status().message()),
              StartsWith(absl::StrCat(path, ": line 4: tls.kee: ")));
  EXPECT_THAT(ReadYamlFile(folder.Join("none.yaml"), &config),
              HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadYamlFile(folder.path(), &config), HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace puhui::services
