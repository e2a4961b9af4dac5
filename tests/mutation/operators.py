# SPDX-License-Identifier: Apache-2.0
"""The small mistakes that are planted: each operator finds its places in one line of C++ and says what would stand there instead."""

import re

_MASKED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|//.*|/\*.*?\*/')
_STATEMENT = re.compile(r"^\s*(?!return\b|break\b|continue\b|throw\b|using\b|case\b|const\b|auto\b|static|template\b|struct\b|class\b|friend\b|public\b|private\b"
                        r"|explicit\b|virtual\b|if\b|for\b|while\b|else\b|switch\b|namespace\b|default\b|typedef\b|enum\b|inline\b|constexpr\b|extern\b|unsigned\b)"
                        r"(?:[\w:.\[\]>*()-]+(?:\s*(?:=|\+=|-=|\*=|/=|\|=|&=|<<|>>)[^=].*|\(.*\))|(?:\+\+|--)[\w:.\[\]>-]+);\s*$")


def code_of(line):
    """The line with its strings and comments blanked, so that no operator finds a place in them."""
    return _MASKED.sub(lambda match: " " * len(match.group()), line)


def _substitutions(pattern, replace):
    def find(line):
        code = code_of(line)
        for match in re.finditer(pattern, code):
            new = replace(match)
            if new is not None:
                yield line[: match.start()] + new + line[match.end():]

    return find


def _swap(match):
    first, second = match.group(1), match.group(2)
    return None if first == second else f"({second}, {first})"


def _dropped(line):
    """Without a statement that is the whole line: an assignment, a call, an increment."""
    if _STATEMENT.match(code_of(line)):
        yield re.match(r"^\s*", line).group() + ";"


_COMPARISONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}

OPERATORS = {
    "comparison": _substitutions(r"(?<= )(<=|>=|==|!=|<|>)(?= )", lambda m: _COMPARISONS[m.group(1)]),
    "logic": _substitutions(r"(?<= )(&&|\|\|)(?= )", lambda m: {"&&": "||", "||": "&&"}[m.group(1)]),
    "off by one": _substitutions(r" ([+-]) 1(?![\w.])", lambda m: f" {m.group(1)} 2"),
    "sign": _substitutions(r"(?<=[\w\])]) ([+-]) (?=[\w(])", lambda m: " - " if m.group(1) == "+" else " + "),
    "negation": _substitutions(r"(?<=[(, =])([-!])(?=[A-Za-z_(])", lambda m: ""),
    "constant": _substitutions(r"(?<![\w.'])(\d+\.\d+|\d*[1-9]\d*)(?![\w.'])", lambda m: str(float(m.group(1)) * 2 if "." in m.group(1)
                                                                                           else int(m.group(1)) + 1)),
    "truth": _substitutions(r"\b(true|false)\b", lambda m: "false" if m.group(1) == "true" else "true"),
    "swapped arguments": _substitutions(r"(?<=\w)(?<!std::max)(?<!std::min)(?<!swap)\((\w+), (\w+)\)", _swap),
    "dropped statement": _dropped,
}


def is_code(line):
    """Not a directive, a declaration of names, an assertion, or the text of a page."""
    code = code_of(line).strip()
    return bool(code) and not code.startswith(("#", "using ", "namespace ", "static_assert", "assert(", "///", "template", "SPDX"))


def places(lines):
    """(operator, number of the line, the line instead) for every place in a file that is compiled here: what is after #else is for other machines."""
    is_elsewhere = False
    for number, line in enumerate(lines):
        if line.startswith("#"):
            is_elsewhere = line.startswith("#else")
        if is_elsewhere or not is_code(line):
            continue
        for name, find in OPERATORS.items():
            for mutated in find(line):
                if mutated != line:
                    yield name, number, mutated
