// SPDX-License-Identifier: Apache-2.0
#include "services/server/process_log.h"

#include "ledger/base/check.h"

#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// As a reader who is not us reads a line.
google::protobuf::Struct Parse(const std::string& line) {
  google::protobuf::Struct read;
  const auto status = google::protobuf::util::JsonStringToMessage(line, &read);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << line;
  return read;
}

std::string Field(const google::protobuf::Struct& line, const std::string& name) {
  const auto found = line.fields().find(name);
  return found == line.fields().end() ? "" : found->second.string_value();
}

TEST(ProcessLogTest, EveryLineIsAJsonObjectThatSaysWhatWasSaid) {
  const std::vector<std::string> messages = {
      "ready on 127.0.0.1:8443",
      "NOT_FOUND: cannot read /etc/\"puhui\"\\puhuid.yaml",
      "/etc/puhuid.yaml: yaml-cpp: error at line 3:\n\tbad conversion",
      "工会",
      "",
  };
  std::ostringstream out;
  spdlog::logger logger("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
  logger.set_formatter(MakeJsonFormatter());
  for (const std::string& message : messages) logger.error("{}", message);
  std::vector<std::string> lines = absl::StrSplit(out.str(), '\n');
  ASSERT_EQ(lines.size(), messages.size() + 1);
  EXPECT_EQ(lines.back(), "");
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const google::protobuf::Struct line = Parse(lines[i]);
    EXPECT_EQ(line.fields_size(), 3);
    EXPECT_EQ(Field(line, "message"), messages[i]);
    EXPECT_EQ(Field(line, "level"), "error");
    EXPECT_THAT(Field(line, "time"),
                MatchesRegex("....-..-..T..:..:..\\.......Z"));  // As the call log writes it.
  }
}

TEST(ProcessLogTest, WhatIsNotTextIsStillALine) {
  std::ostringstream out;
  spdlog::logger logger("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
  logger.set_formatter(MakeJsonFormatter());
  logger.info("{}", "bytes \xff\xfe");
  EXPECT_EQ(Field(Parse(out.str()), "message"), "bytes \uFFFD\uFFFD");
}

// The process's own log is set up in a process that ends, to leave the others alone.
TEST(ProcessLogDeathTest, WhatGrpcSaysAndWhatACheckFindsAreLinesToo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        LogToStandardError();
        grpc_init();  // Reads how much is to be said.
        gpr_log(GPR_ERROR, "no \"%s\"", "handshake");
        std::abort();
      },
      "^\\{\"time\":\"[^\"]*\",\"level\":\"error\",\"message\":\"gRPC: no ..handshake.. "
      "\\([^\"]*\\)\"\\}\n$");
  EXPECT_DEATH(
      {
        LogToStandardError();
        CheckFailed("file.cc", 7, "a \"value\"");
      },
      "^\\{\"time\":\"[^\"]*\",\"level\":\"critical\",\"message\":\"check failed: a ..value.. "
      "\\(file.cc:7\\)\"\\}\n$");
}

}  // namespace
}  // namespace puhui::services
