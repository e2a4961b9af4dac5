// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/usage_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <variant>
#include <vector>

#include "chronotope/apps/help_text.hpp"

namespace chronotope::apps {
namespace {

/// One option, whether it is in a table yet or not.
struct Named {
  std::string name;
  std::string meta;
  std::string help;
  std::vector<std::string> words;  // that may stand behind it
  bool is_path = false;
};

Named named(const Option& option) {
  Named all{option.name, meta_of(option), option.help + limits_of(option), {}, false};
  if (const auto* word = std::get_if<Word>(&option.value)) all.words = word->words;
  const bool folder = all.meta == "FOLDER" || all.meta == "STREAM";
  all.is_path = std::holds_alternative<File>(option.value) || folder;
  return all;
}

std::vector<Named> all_options(const Usage& usage) {
  std::vector<Named> all;
  for (const auto& option : usage.options.options()) {
    const bool takes = option->semantic()->max_tokens() > 0;
    all.push_back({option->long_name(), takes ? "VALUE" : "", option->description(), {}, takes});
  }
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options) all.push_back(named(option));
  return all;
}

std::string verb_of(const Usage& usage) { return usage.synopsis.substr(0, usage.synopsis.find(' ')); }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string entry(const Named& option) {
  const std::string meta = option.meta.empty() ? "" : " \\fI" + roff(option.meta) + "\\fR";
  return ".TP\n\\fB\\-\\-" + roff(option.name) + "\\fR" + meta + "\n" + roff(option.help) + "\n";
}

}  // namespace

std::string roff(const std::string& text) {
  std::string marked;
  for (const char c : text) {
    const bool begins = marked.empty() || marked.back() == '\n';
    if (begins && (c == '.' || c == '\'')) marked += "\\&";
    if (c == '\\')
      marked += "\\e";
    else if (c == '-')
      marked += "\\-";
    else
      marked += c;
  }
  return marked;
}

std::string man_page(const Usage& usage) {
  const std::string verb = verb_of(usage);
  std::string page = fmt::format(".TH CHRONOTOPE\\-{} 1 \"\" \"chronotope {}\" \"Chronotope\"\n", upper(verb),
                                 CHRONOTOPE_VERSION);
  page += fmt::format(".SH NAME\nchronotope\\-{} \\- {}\n", verb,
                      roff(usage.summary.substr(0, usage.summary.find(". "))));
  page += ".SH SYNOPSIS\n\\fBchronotope\\fR " + roff(usage.synopsis) + "\n";
  page += ".SH DESCRIPTION\n" + roff(usage.summary) + "\n";
  Usage untabled = usage;
  untabled.groups.clear();
  const auto rest = all_options(untabled);
  if (!rest.empty()) page += ".SH OPTIONS\n";
  for (const Named& option : rest) page += entry(option);
  for (const OptionGroup& group : usage.groups) {
    if (group.options.empty()) continue;
    page += ".SH " + roff(upper(group.title)) + "\n";
    for (const Option& option : group.options) page += entry(named(option));
  }
  return page + ".SH EXAMPLES\n.nf\n" + roff(usage.examples) + ".fi\n.SH SEE ALSO\n\\fBchronotope\\fR(1)\n";
}

std::string completion_branch(const Usage& usage) {
  std::string names;
  std::string values;
  std::string paths;
  for (const Named& option : all_options(usage)) {
    names += " --" + option.name;
    if (!option.words.empty())
      values += fmt::format("        --{}) values='{}' ;;\n", option.name, fmt::join(option.words, " "));
    else if (option.is_path)
      paths += (paths.empty() ? "--" : "|--") + option.name;
  }
  if (!paths.empty()) values += "        " + paths + ") files=1 ;;\n";
  return fmt::format("    {})\n      options='{}'\n      case $before in\n{}      esac ;;\n", verb_of(usage),
                     names.substr(1), values);
}

std::string completion_begin(const std::string& verbs) {
  return "# Completion of chronotope's words. bash: source it; zsh: autoload -U bashcompinit && bashcompinit, then source it.\n"
         "_chronotope() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options='' values='' files=''\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W '" +
         verbs +
         " help completion --help --version' -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]} in\n"
         "    help) values='" +
         verbs + "' ;;\n    completion) values='bash zsh' ;;\n";
}

std::string completion_end() {
  return "  esac\n"
         "  if [[ -n $values ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$values\" -- \"$word\"))\n"
         "  elif [[ $word == -* && -z $files ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _chronotope chronotope\n";
}

}  // namespace chronotope::apps
