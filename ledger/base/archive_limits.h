// SPDX-License-Identifier: Apache-2.0
// The limits of archives of the journal; limits.h has the others.
#ifndef PUHUI_LEDGER_BASE_ARCHIVE_LIMITS_H_
#define PUHUI_LEDGER_BASE_ARCHIVE_LIMITS_H_

#include <cstddef>

namespace puhui {

// Segments are compressed together up to so much; one that is larger is alone in its frame, and no
// frame is larger than the second. Compressed, a frame takes no more than the third.
inline constexpr std::size_t kArchiveFrameBytes = std::size_t{1} << 20;
inline constexpr std::size_t kArchiveFrameBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kArchiveStoredFrameBytesMax = std::size_t{65} << 20;
// Of one file: 2^22 frames are terabytes of records.
inline constexpr std::size_t kArchiveFramesMax = std::size_t{1} << 22;
// In one directory; each is open while the ledger is.
inline constexpr std::size_t kArchiveFilesMax = 1'024;
// Decompressed frames that are kept for the next read.
inline constexpr std::size_t kArchiveCacheBytes = std::size_t{32} << 20;

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_ARCHIVE_LIMITS_H_
