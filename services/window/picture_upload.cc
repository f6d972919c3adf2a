// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_upload.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "merchant/app/queries.h"
#include "services/auth/policy.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"
#include "services/window/picture_uses.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <utility>

namespace puhui::services {
namespace {

absl::Status BadFormat(absl::string_view wanted) {
  return ledger::ToStatus({.reason = ledger::Reason::kPictureFormat,
                           .field = "data",
                           .message = absl::StrCat("want ", wanted)});
}

}  // namespace

absl::Status PictureUpload::Receive(v1::UploadPictureRequest&& message) {
  switch (message.part_case()) {
    case v1::UploadPictureRequest::kStart:
      return ReceiveStart(message.start());
    case v1::UploadPictureRequest::kData:
      break;
    case v1::UploadPictureRequest::PART_NOT_SET:
      return InvalidField("part", "want start, then data");
  }
  return ReceiveData(message.data());
}

absl::Status PictureUpload::ReceiveStart(const v1::UploadPictureRequest::Start& start) {
  if (target_.has_value()) return InvalidField("start", "want it once, in the first message");
  PUHUI_RETURN_IF_ERROR(ParseRequestId(start.request_id(), "start.request_id").status());
  PUHUI_ASSIGN_OR_RETURN(MerchantId id, ParseMerchantName(start.parent(), "start.parent"));
  if (start.size_bytes() == 0 || start.size_bytes() > kPictureBytesMax) {
    return InvalidField("start.size_bytes",
                        absl::StrCat("want a picture of 1 to ", kPictureBytesMax, " bytes, got ",
                                     start.size_bytes()));
  }
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call_.principal(), id));
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(engine_.Latest(), id.text()));
  if (!found.has_value()) return NotFound("merchant");
  bytes_.reserve(start.size_bytes());
  target_ = Target{.id = std::move(id), .number = found->number, .size_bytes = start.size_bytes()};
  return absl::OkStatus();
}

absl::Status PictureUpload::ReceiveData(absl::string_view data) {
  if (!target_.has_value()) return InvalidField("start", "want it in the first message");
  if (bytes_.size() + data.size() > target_->size_bytes) {
    return InvalidField("start.size_bytes",
                        absl::StrCat("want ", target_->size_bytes, " bytes as it says, got ",
                                     bytes_.size() + data.size(), " and perhaps more"));
  }
  absl::StrAppend(&bytes_, data);
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadPictureResponse> PictureUpload::Finish() {
  if (!target_.has_value()) return InvalidField("start", "want it in the first message");
  if (bytes_.size() != target_->size_bytes) {
    return InvalidField("start.size_bytes", absl::StrCat("want ", target_->size_bytes,
                                                         " bytes as it says, got ", bytes_.size()));
  }
  const absl::optional<merchant::PictureKind> kind = merchant::RecognisePicture(bytes_);
  if (!kind.has_value()) return BadFormat("a whole JPEG, PNG or WebP");
  if (kind->width > kPictureSideMax || kind->height > kPictureSideMax) {
    return BadFormat(absl::StrCat("at most ", kPictureSideMax, " dots on a side, got ", kind->width,
                                  " by ", kind->height));
  }
  const PictureName name{.merchant = target_->id, .hash = ledger::Sha256().Digest(bytes_)};
  PUHUI_RETURN_IF_ERROR(shelf_.Keep(name.merchant, name.hash, bytes_, engine_.Now(), [this] {
    return PicturesOfOffers(*engine_.Read(), target_->number);
  }));
  v1::UploadPictureResponse response;
  *response.mutable_picture() = PictureOf(name, *kind, bytes_.size());
  return response;
}

v1::Picture PictureOf(const PictureName& name, const merchant::PictureKind& kind,
                      std::uint64_t size_bytes) {
  v1::Picture picture;
  picture.set_name(FormatPictureName(name));
  picture.set_sha256(ledger::ToHex(name.hash));
  picture.set_media_type(std::string(kind.media_type));
  picture.set_width(kind.width);
  picture.set_height(kind.height);
  picture.set_size_bytes(size_bytes);
  return picture;
}

}  // namespace puhui::services
