// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace puhui::ledger {
namespace {

constexpr std::uint32_t kPolynomialReflected = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> MakeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomialReflected : 0);
    }
    table[byte] = crc;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kTable = MakeTable();

#if defined(__x86_64__)
// The instruction takes three cycles and one can begin in each, so three stretches of this length
// are gone through at a time.
constexpr std::size_t kStretchBytes = 1024;

// What a state becomes when a stretch of zeros follows. That is linear, so a table for each byte
// of the state will do, made from what becomes of each bit.
class StretchOfZeros {
 public:
  StretchOfZeros() {
    for (std::size_t place = 0; place < tables_.size(); ++place) {
      for (std::size_t bit = 0; bit < 8; ++bit) {
        std::uint32_t state = std::uint32_t{1} << (8 * place + bit);
        for (std::size_t i = 0; i < kStretchBytes; ++i) state = kTable[state & 0xFF] ^ (state >> 8);
        for (std::size_t byte = 0; byte < 256; ++byte) {
          if ((byte >> bit & 1) != 0) tables_[place][byte] ^= state;
        }
      }
    }
  }
  std::uint64_t After(std::uint64_t state) const {
    return tables_[0][state & 0xFF] ^ tables_[1][state >> 8 & 0xFF] ^
           tables_[2][state >> 16 & 0xFF] ^ tables_[3][state >> 24 & 0xFF];
  }

 private:
  std::array<std::array<std::uint32_t, 256>, 4> tables_{};
};

std::uint64_t WordAt(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

__attribute__((target("sse4.2"))) std::uint32_t ExtendByInstruction(std::uint32_t crc,
                                                                    absl::string_view bytes) {
  static const StretchOfZeros zeros;
  std::uint64_t state = ~crc;
  for (; bytes.size() >= 3 * kStretchBytes; bytes.remove_prefix(3 * kStretchBytes)) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (const char* at = bytes.data(); at != bytes.data() + kStretchBytes; at += sizeof(state)) {
      state = __builtin_ia32_crc32di(state, WordAt(at));
      second = __builtin_ia32_crc32di(second, WordAt(at + kStretchBytes));
      third = __builtin_ia32_crc32di(third, WordAt(at + 2 * kStretchBytes));
    }
    state = zeros.After(zeros.After(state) ^ second) ^ third;
  }
  for (; bytes.size() >= sizeof(state); bytes.remove_prefix(sizeof(state))) {
    state = __builtin_ia32_crc32di(state, WordAt(bytes.data()));
  }
  auto narrow = static_cast<std::uint32_t>(state);
  for (const char c : bytes) narrow = __builtin_ia32_crc32qi(narrow, static_cast<unsigned char>(c));
  return ~narrow;
}
#endif

}  // namespace

std::uint32_t ExtendCrc32cByTable(std::uint32_t crc, absl::string_view bytes) {
  crc = ~crc;
  for (const char c : bytes) {
    crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ (crc >> 8);
  }
  return ~crc;
}

std::uint32_t ExtendCrc32c(std::uint32_t crc, absl::string_view bytes) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return ExtendByInstruction(crc, bytes);
#endif
  return ExtendCrc32cByTable(crc, bytes);
}

}  // namespace puhui::ledger
