// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_PICTURE_SERVICE_H_
#define PUHUI_SERVICES_WINDOW_PICTURE_SERVICE_H_

#include "ledger/engine/engine.h"
#include "puhui/v1/picture_service.pb.h"
#include "services/rpc/calls.h"
#include "services/window/picture_shelf.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Pictures of offers, in and out. Threads: safe. Borrows: its parts.
class PictureService final {
 public:
  struct Parts {
    const ledger::Engine* engine;
    PictureShelf* shelf;
  };
  explicit PictureService(const Parts& parts);
  ~PictureService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  absl::StatusOr<MessageSource<v1::GetPictureResponse>> OpenPicture(
      const CallContext& call, const v1::GetPictureRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_PICTURE_SERVICE_H_
