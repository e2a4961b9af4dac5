// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/listed.hpp"

#include <algorithm>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {

std::vector<std::string> listed(const std::string& option, const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    require(!word.empty(), option, in_quotes(text), "must be words with a comma between them");
    require(std::find(words.begin(), words.end(), word) == words.end(), option, in_quotes(text),
            "names " + in_quotes(word) + " twice");
    words.push_back(word);
    begin = end + 1;
  }
  return words;
}

}  // namespace chronotope::apps
