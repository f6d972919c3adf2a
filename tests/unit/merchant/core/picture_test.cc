// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/picture.h"

#include "tests/support/pictures.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

using testing::AppendLittleEndian;
using testing::JpegOf;
using testing::PngOf;
using testing::WebPOf;

std::string RiffOf(std::string form, std::string body) {
  body.resize(std::max<std::size_t>(body.size(), 16));
  std::string webp("RIFF");
  AppendLittleEndian(static_cast<std::uint32_t>(4 + form.size() + body.size()), 4, &webp);
  return webp + "WEBP" + form + body;
}

TEST(PictureTest, KnowsThreeKindsAndTheirSizes) {
  EXPECT_EQ(RecognisePicture(PngOf(640, 480)), (PictureKind{"image/png", 640, 480}));
  EXPECT_EQ(RecognisePicture(JpegOf(640, 480)), (PictureKind{"image/jpeg", 640, 480}));
  EXPECT_EQ(RecognisePicture(WebPOf(640, 480)), (PictureKind{"image/webp", 640, 480}));
}

TEST(PictureTest, KnowsTheOtherFormsOfWebP) {
  std::string lossless("\0\0\0\0\x2F", 5);
  AppendLittleEndian(639U | 479U << 14U, 4, &lossless);
  EXPECT_EQ(RecognisePicture(RiffOf("VP8L", lossless)), (PictureKind{"image/webp", 640, 480}));
  std::string lossy("\0\0\0\0\0\0\0\x9D\x01\x2A", 10);
  AppendLittleEndian(640, 2, &lossy);
  AppendLittleEndian(480, 2, &lossy);
  EXPECT_EQ(RecognisePicture(RiffOf("VP8 ", lossy)), (PictureKind{"image/webp", 640, 480}));
  EXPECT_EQ(RecognisePicture(RiffOf("VP8Z", lossy)), absl::nullopt);
}

TEST(PictureTest, WhatOnlyBeginsLikeOneIsNone) {
  for (const std::string& picture : {PngOf(2, 2), JpegOf(2, 2), WebPOf(2, 2)}) {
    for (std::size_t bytes = 0; bytes < picture.size(); ++bytes) {
      EXPECT_EQ(RecognisePicture(picture.substr(0, bytes)), absl::nullopt) << bytes;
    }
    EXPECT_EQ(RecognisePicture(picture + "<script>"), absl::nullopt);
    EXPECT_EQ(RecognisePicture(" " + picture), absl::nullopt);
  }
}

TEST(PictureTest, OtherFilesAreNone) {
  EXPECT_EQ(RecognisePicture("GIF89a\x01\x00\x01\x00;"), absl::nullopt);
  EXPECT_EQ(RecognisePicture("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"), absl::nullopt);
  EXPECT_EQ(RecognisePicture("MZ\x90"), absl::nullopt);
  EXPECT_EQ(RecognisePicture("RIFF\x04\0\0\0WAVEfmt "), absl::nullopt);
}

TEST(PictureTest, OneWithoutDotsIsNone) {
  EXPECT_EQ(RecognisePicture(PngOf(0, 480)), absl::nullopt);
  EXPECT_EQ(RecognisePicture(JpegOf(640, 0)), absl::nullopt);
}

TEST(PictureTest, SegmentsThatLeadNowhereEnd) {
  // A segment longer than the file, one of no length, and the data before any frame.
  EXPECT_EQ(RecognisePicture(std::string("\xFF\xD8\xFF\xE0\xFF\xFFxxxxxxxx\xFF\xD9", 16)),
            absl::nullopt);
  EXPECT_EQ(RecognisePicture(std::string("\xFF\xD8\xFF\xE0\0\0xxxxxxxx\xFF\xD9", 16)),
            absl::nullopt);
  EXPECT_EQ(RecognisePicture(std::string("\xFF\xD8\xFF\xDA\0\2xxxxxxxx\xFF\xD9", 16)),
            absl::nullopt);
}

TEST(PictureTest, AnyBytesAreRead) {
  SeededRandom random(20'250'101);
  for (int i = 0; i < 2'000; ++i) {
    std::string picture = i % 2 == 0 ? JpegOf(9, 9) : WebPOf(9, 9);
    for (int j = 0; j < 3; ++j) {
      picture[random.Below(picture.size())] = static_cast<char>(random.Below(256));
    }
    RecognisePicture(picture);
  }
}

}  // namespace
}  // namespace puhui::merchant
