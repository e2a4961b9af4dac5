// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/cell_verb.hpp"

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {

const std::vector<std::string>& taken_options(const std::string& verb) {
  static const std::vector<std::string> kOfSimulate = {
      "--out", "--spikes", "--weights", "--weight-histogram", "--resume", "--seed",
      "--set", "--json",   "--quiet"};
  static const std::vector<std::string> kOfTrain = {"--out",      "--save",        "--checkpoint", "--resume",
                                                    "--evaluate", "--predictions", "--seed",       "--set",
                                                    "--json",     "--quiet"};
  return verb == "simulate" ? kOfSimulate : kOfTrain;
}

void read_cell_verb(const std::vector<std::string>& words, SweepRequest& request) {
  if (words.empty())
    throw InputError("missing -- and the verb that runs a cell, as -- simulate --until 1000");
  request.verb = words.front();
  if (request.verb != "simulate" && request.verb != "train")
    throw InputError("--: no verb " + in_quotes(request.verb) + " runs a cell; one of simulate, train");
  request.words.assign(words.begin() + 1, words.end());
  for (const std::string& word : request.words)
    for (const std::string& option : taken_options(request.verb))
      if (word == option || word.starts_with(option + "="))
        throw InputError(
            option + ": is the sweep's to give to " + request.verb +
            (option == "--set" || option == "--seed" ? "; put --set and --seeds before --" : ""));
}

}  // namespace chronotope::apps
