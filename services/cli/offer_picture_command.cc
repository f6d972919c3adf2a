// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/durable_file.h"
#include "puhui/v1/picture_service.grpc.pb.h"
#include "services/cli/input_file.h"
#include "services/cli/offer_search_command.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using PictureStub = v1::PictureService::Stub;

constexpr std::size_t kPictureChunkBytes = std::size_t{64} << 10;

void PrintPicture(Output& output, const v1::Picture& picture) {
  output.Fields({{"name", picture.name()},
                 {"sha256", picture.sha256()},
                 {"type", picture.media_type()},
                 {"size", absl::StrCat(picture.width(), " x ", picture.height())},
                 {"bytes", absl::StrCat(picture.size_bytes())}});
}

struct OfferPictureUpload {
  std::string path;
  v1::UploadPictureRequest::Start start;
};

ExitCode RunOfferPictureUpload(OfferPictureUpload& wish, Invocation& invocation) {
  const absl::StatusOr<std::string> file = ReadInputFile(wish.path, kPictureBytesMax);
  if (!file.ok()) return invocation.Fail(file.status(), ExitCode::kInvalidArgument);
  invocation.SettleRequestId(wish.start.mutable_request_id());
  wish.start.set_size_bytes(file->size());
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  v1::UploadPictureResponse response;
  const auto fill = [&](std::size_t index, v1::UploadPictureRequest& message) {
    if (index == 0) {
      *message.mutable_start() = wish.start;
      return true;
    }
    const std::size_t from = (index - 1) * kPictureChunkBytes;
    if (from >= file->size()) return false;
    message.set_data(file->substr(from, kPictureChunkBytes));
    return true;
  };
  const ExitCode code =
      invocation.Settle(service->WriteStream(&PictureStub::UploadPicture, fill, &response),
                        "send the same picture again: it is kept once");
  if (code != ExitCode::kOk) return code;
  invocation.output().Show(response, [](Output& output, const v1::UploadPictureResponse& shown) {
    PrintPicture(output, shown.picture());
  });
  return ExitCode::kOk;
}

struct Download {
  std::string path;
  v1::GetPictureRequest request;
};

ExitCode RunDownload(const Download& wish, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  v1::Picture picture;
  std::string bytes;
  const ExitCode code = invocation.Settle(
      service->ReadStream(&PictureStub::GetPicture, wish.request, Client::Restart::kAlways,
                          [&](const v1::GetPictureResponse& message) {
                            if (message.has_picture()) {
                              picture = message.picture();
                              bytes.clear();
                            }
                            bytes.append(message.data());
                          }));
  if (code != ExitCode::kOk) return code;
  if (const absl::Status written = ledger::WriteFileDurably(wish.path, bytes); !written.ok()) {
    return invocation.Fail(written, ExitCode::kInvalidArgument);
  }
  invocation.output().Show(picture, PrintPicture);
  return ExitCode::kOk;
}

}  // namespace

void AddOfferPictureVerbs(Noun& offer) {
  Noun pictures(offer, {"picture", "Pictures of offers"});
  CLI::App& upload =
      pictures.AddVerb({"upload", "Keep a picture, so that offers can name it by its sha256"});
  const auto up = std::make_shared<OfferPictureUpload>();
  AddName(upload, "merchant", up->start.mutable_parent(), "merchants")->required();
  upload.add_option("file", up->path, "A JPEG, PNG or WebP, of 2 MiB at most")->required();
  AddRequestId(upload, up->start.mutable_request_id());
  pictures.OnVerb(upload,
                  [up](Invocation& invocation) { return RunOfferPictureUpload(*up, invocation); });
  CLI::App& get = pictures.AddVerb({"get", "Write a picture into a file"});
  const auto down = std::make_shared<Download>();
  get.add_option("picture", *down->request.mutable_name(), "Format: merchants/…/pictures/…")
      ->required();
  get.add_option("file", down->path, "Where to")->required();
  pictures.OnVerb(get, [down](Invocation& invocation) { return RunDownload(*down, invocation); });
}

}  // namespace puhui::services
