// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_PICTURE_UPLOAD_H_
#define PUHUI_SERVICES_WINDOW_PICTURE_UPLOAD_H_

#include "ledger/base/id.h"
#include "ledger/engine/engine.h"
#include "merchant/core/picture.h"
#include "puhui/v1/picture_service.pb.h"
#include "services/rpc/call_context.h"
#include "services/rpc/client_stream.h"
#include "services/window/picture_name.h"
#include "services/window/picture_shelf.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Takes a picture in. Nothing is written to the journal: the picture is named by what it is, so
// that sending it again changes nothing. Threads: none; the stream calls it. Borrows: all it is
// made with.
class PictureUpload final
    : public StreamReceiver<v1::UploadPictureRequest, v1::UploadPictureResponse> {
 public:
  PictureUpload(const ledger::Engine* engine, PictureShelf* shelf, const CallContext* call)
      : engine_(*engine), shelf_(*shelf), call_(*call) {}

  absl::Status Receive(v1::UploadPictureRequest&& message) override;
  absl::StatusOr<v1::UploadPictureResponse> Finish() override;

 private:
  struct Target {
    MerchantId id{};
    MerchantNumber number{};
    std::uint64_t size_bytes = 0;  // As the first message says.
  };
  absl::Status ReceiveStart(const v1::UploadPictureRequest::Start& start);
  absl::Status ReceiveData(absl::string_view data);

  const ledger::Engine& engine_;
  PictureShelf& shelf_;
  const CallContext& call_;
  absl::optional<Target> target_;
  std::string bytes_;
};

// What a message says of a picture.
v1::Picture PictureOf(const PictureName& name, const merchant::PictureKind& kind,
                      std::uint64_t size_bytes);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_PICTURE_UPLOAD_H_
