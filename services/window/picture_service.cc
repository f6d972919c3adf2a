// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/core/picture.h"
#include "puhui/v1/picture_service.grpc.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/resource_name.h"
#include "services/window/picture_name.h"
#include "services/window/picture_upload.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::services {

struct PictureService::Wire final : v1::PictureService::AsyncService {};

PictureService::PictureService(const Parts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

PictureService::~PictureService() = default;

namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
// The bytes, and as much again for what is around them.
constexpr std::size_t kUploadBytesMax = 2 * kPictureBytesMax;

// Whoever knows a picture's hash was shown its offer, or had the picture before.
absl::Status AllowPicture(const Principal& principal, const MerchantId& merchant) {
  if (principal.role == Role::kMember || principal.role == Role::kHr) return absl::OkStatus();
  return AllowMerchant(principal, merchant);
}

}  // namespace

void PictureService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.ClientStream(Rpc::kUploadPicture, wire_.get(), &Wire::RequestUploadPicture, kUploadBytesMax,
                     [this](const CallContext& call)
                         -> absl::StatusOr<std::unique_ptr<
                             StreamReceiver<v1::UploadPictureRequest, v1::UploadPictureResponse>>> {
                       return std::make_unique<PictureUpload>(parts_.engine, parts_.shelf, &call);
                     });
  calls.ServerStream(Rpc::kGetPicture, wire_.get(), &Wire::RequestGetPicture,
                     [this](const CallContext& call, const v1::GetPictureRequest& asked) {
                       return OpenPicture(call, asked);
                     });
}

absl::StatusOr<MessageSource<v1::GetPictureResponse>> PictureService::OpenPicture(
    const CallContext& call, const v1::GetPictureRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const PictureName name, ParsePictureName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowPicture(call.principal(), name.merchant));
  PUHUI_ASSIGN_OR_RETURN(std::string bytes, parts_.shelf->Read(name.merchant, name.hash));
  const absl::optional<merchant::PictureKind> kind = merchant::RecognisePicture(bytes);
  if (!kind.has_value()) return absl::DataLossError("a picture that is kept is none");
  return MessageSource<v1::GetPictureResponse>(
      [picture = PictureOf(name, *kind, bytes.size()), bytes = std::move(bytes), said = false,
       at = std::size_t{0}](v1::GetPictureResponse* message) mutable -> absl::StatusOr<Pull> {
        if (!std::exchange(said, true)) {
          *message->mutable_picture() = picture;
          return Pull::kMessage;
        }
        if (at == bytes.size()) return Pull::kEnd;
        const std::size_t count = std::min(kChunkBytes, bytes.size() - at);
        message->set_data(bytes.substr(at, count));
        at += count;
        return Pull::kMessage;
      });
}

}  // namespace puhui::services
