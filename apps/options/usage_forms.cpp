// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/usage_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <variant>
#include <vector>

#include "chronotope/apps/options/help_text.hpp"

namespace chronotope::apps {
namespace {

/// What stands behind an option is a path.
bool is_path(const Option& option) {
  const std::string meta = meta_of(option);
  return std::holds_alternative<File>(option.value) || meta == "FOLDER" || meta == "STREAM";
}

std::string verb_of(const Usage& usage) { return usage.synopsis.substr(0, usage.synopsis.find(' ')); }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string entry(const Option& option) {
  const std::string meta = meta_of(option);
  return ".TP\n\\fB\\-\\-" + roff(option.name) + "\\fR" +
         (meta.empty() ? "" : " \\fI" + roff(meta) + "\\fR") + "\n" + roff(option.help + limits_of(option)) +
         "\n";
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
  for (const OptionGroup& group : usage.groups) {
    if (group.options.empty()) continue;
    page += ".SH " + roff(upper(group.title)) + "\n";
    for (const Option& option : group.options) page += entry(option);
  }
  return page + ".SH EXAMPLES\n.nf\n" + roff(usage.examples) + ".fi\n.SH SEE ALSO\n\\fBchronotope\\fR(1)\n";
}

std::string completion_branch(const Usage& usage) {
  std::string names;
  std::string values;
  std::string paths;
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options) {
      names += " --" + option.name;
      if (const auto* word = std::get_if<Word>(&option.value))
        values += fmt::format("        --{}) values='{}' ;;\n", option.name, fmt::join(word->words, " "));
      else if (is_path(option))
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
