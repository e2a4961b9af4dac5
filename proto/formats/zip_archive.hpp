// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chronotope::proto {

/// A zip archive in memory (PKWARE APPNOTE 6.3), as far as numpy.savez writes it: members stored or deflated,
/// sizes beyond 4 GiB too, no encryption, one volume. The central directory at the end says what there is.
/// Errors: InputError that starts with `name` for an archive that is cut or damaged, by its lengths or a
/// member's checksum, and for members packed in another way.
class ZipArchive {
 public:
  struct Member {
    std::string name;
    std::uint64_t method = 0;  // 0 stored, 8 deflated
    std::uint64_t checksum = 0;
    std::uint64_t packed = 0;  // [bytes]
    std::uint64_t size = 0;    // [bytes]
    std::uint64_t offset = 0;  // of its own header
    bool encrypted = false;
  };

  ZipArchive(std::string bytes, const std::string& name);

  /// In the order of the archive.
  const std::vector<Member>& members() const { return members_; }
  /// The member's content. Memory grows with what is there, not with what the archive announces.
  std::string read(const Member& member) const;

 private:
  [[noreturn]] void refuse(const std::string& what) const;
  std::uint64_t number(std::uint64_t at, std::size_t bytes) const;
  std::string_view piece(std::uint64_t at, std::uint64_t bytes) const;
  std::uint64_t find_end() const;
  std::uint64_t take_member(std::uint64_t at);
  void take_large_sizes(Member& member, std::uint64_t at, std::uint64_t end) const;
  std::string inflate(std::string_view packed, const Member& member) const;

  std::string bytes_;
  std::string name_;
  std::vector<Member> members_;
};

}  // namespace chronotope::proto
