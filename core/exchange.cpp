// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/exchange.hpp"

#include <algorithm>
#include <ctime>
#include <new>
#include <utility>

namespace chronotope {
namespace {

constexpr char kInput = 'i';
constexpr char kWork = 'w';

std::string text_of(const std::exception& error) {
  const char kind = dynamic_cast<const InputError*>(&error) != nullptr ? kInput : kWork;
  const bool lacks_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  return kind + std::string(lacks_memory ? "needs more memory than there is" : error.what());
}

[[noreturn]] void throw_again(const std::string& told) {
  if (!told.empty() && told.front() == kInput) throw InputError(told.substr(1));
  throw Failure(told.empty() ? "a rank failed" : told.substr(1));
}

}  // namespace

std::vector<std::string> Exchange::all(const std::string& own) {
  return checked(timed_gather({false, own}, Receiver::kAll));
}

std::vector<std::string> Exchange::at_root(const std::string& own) {
  auto said = checked(timed_gather({false, own}, Receiver::kRoot));
  if (!is_root()) said.clear();
  return said;
}

std::vector<Exchange::Said> Exchange::timed_gather(const Said& own, Receiver receiver) {
  const std::clock_t begin = std::clock();
  std::vector<Said> said = gather(own, receiver);
  ++spent_.calls;
  spent_.cpu_seconds += static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return said;
}

std::vector<std::string> Exchange::checked(std::vector<Said> said) {
  const auto failed = std::ranges::find_if(said, &Said::failed);
  if (failed != said.end()) {
    has_failed_ = true;
    throw_again(failed->bytes);
  }
  std::vector<std::string> bytes;
  for (Said& one : said) bytes.push_back(std::move(one.bytes));
  return bytes;
}

void Exchange::fail(const std::exception& error) {
  const std::string own = text_of(error);
  if (has_failed_) throw_again(own);
  checked(gather({true, own}, Receiver::kRoot));
  throw_again(own);
}

}  // namespace chronotope
