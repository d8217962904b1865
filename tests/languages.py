"""Checks the languages that Droste speaks beside English: every message for students has its translation (po/), with the same
places to fill; every translated document has the structure, the commands and the outputs of the English one; the program
really speaks the language, and what is graded does not depend on it.  languages.py BUILD; called by make test-po."""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from glob import glob

from checking import check, end, read

build = os.path.abspath(sys.argv[1])

# ---- messages ------------------------------------------------------------------


def places(text):
    """What is filled in, in order: printf's conversions, and those of the table of faults."""
    return re.findall(r"%(?:%|[-0-9.]*(?:ll|z)?[a-z])", text)


def messages(name):
    """Each message of a catalogue: msgid, or both of them, then the translations."""
    text = subprocess.run(["msgcat", "--no-wrap", name], capture_output=True, text=True, check=True).stdout
    for block in text.split("\n\n")[1:]:
        found, key = {}, None
        for line in block.split("\n"):
            match = re.match(r'(?:(msg\S+) )?"(.*)"$', line)
            if match:
                key = match[1] or key
                found[key] = found.get(key, "") + match[2]
        yield block, found


for po in sorted(glob("po/*.po")):
    done = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", po], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"{po}: {done.stderr}")
    done = subprocess.run(["msgcmp", po, f"{build}/po/droste.pot"], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"{po}: messages lack their translation; 'make po' adds them there:\n{done.stderr}")
    count = 0
    for block, found in messages(po):
        count += 1
        check("fuzzy" not in block and all(found.values()), f"{po}: fuzzy, or empty: {found}")
        wanted = places(found["msgid"])
        for key, text in found.items():
            check(places(text) == wanted, f"{po}: other places to fill: {text}")
            check(text.endswith("\\n") == found["msgid"].endswith("\\n"), f"{po}: another line's end: {text}")
    check(count > 200, f"{po} has only {count} messages")

# ---- documents -----------------------------------------------------------------


def structure(text, language):
    """What must be the same in every language: headings' levels, blocks of code, what tests are told, pieces of code, items and
    rows, and where links lead."""
    blocks = re.findall(r"^```.*?^```", text, flags=re.S | re.M)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    comments = re.findall(r"<!-- test:.*?-->", prose)
    prose = re.sub(r"<!--.*?-->", "", prose, flags=re.S)
    indented = re.findall(r"^    .*$", prose, flags=re.M)
    links = [re.sub(rf"\.{language}\.md\b", ".md", target) for target in re.findall(r"\]\(([^)#\s]*)", prose)]
    return {
        "headings": re.findall(r"^#+ ", prose, flags=re.M),
        "blocks of code": blocks + indented,
        "what the tests are told": comments,
        "pieces of code": sorted(Counter(re.sub(rf"\.{language}\.md\b", ".md", piece) for piece in re.findall(r"`[^`]+`", prose)).items()),
        "items": re.findall(r"^(?:\*|\d+\.) ", prose, flags=re.M),
        "rows of tables": len(re.findall(r"^\|", prose, flags=re.M)),
        "paragraphs": len(re.split(r"\n\s*\n", prose.strip())),
        "links": sorted(links),
    }


documents = [name for name in subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.*.md"], capture_output=True, text=True, check=True).stdout.split()
             if re.search(r"\.[a-z]{2}(_[A-Z]{2})?\.md$", name) and os.path.exists(name)]
check({"README.pt_BR.md", "docs/glossary.pt_BR.md"} <= set(documents), "the README or the glossary has no translation")
check(sum(name.startswith("labs/") for name in documents) >= 3, "the first three labs' handouts have no translation")
for name in documents:
    stem, language = re.fullmatch(r"(.*)\.(\w+)\.md", name).groups()
    check(os.path.exists(f"{stem}.md"), f"{name} is the translation of nothing")
    base = os.path.basename(stem)
    original, translated = read(f"{stem}.md"), read(name)
    check(f"]({base}.{language}.md)" in "\n".join(original.split("\n")[:5]), f"{stem}.md does not begin with a link to {name}")
    check(f"]({base}.md)" in "\n".join(translated.split("\n")[:5]), f"{name} does not begin with a link to {stem}.md")
    one, other = structure(original, language), structure(translated, language)
    for part, wanted in one.items():
        got = other[part]
        if got != wanted and isinstance(wanted, list):
            wanted, got = [x for x in wanted if x not in got][:3], [x for x in got if x not in wanted][:3]
        check(one[part] == other[part], f"{name}: {part} are not as in {stem}.md: there {wanted}, here {got}")

# ---- the program ----------------------------------------------------------------

OTHERS = {"LANGUAGE", "LANG", "LC_ALL", "LC_MESSAGES", "DROSTE_LIB", "MAKEFLAGS"}


def droste(*arguments, **locale):
    environment = {key: value for key, value in os.environ.items() if key not in OTHERS} | locale
    return subprocess.run([f"{build}/droste", *arguments], capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL)


ENGLISH = ({}, {"LC_ALL": "C"}, {"LANG": "en_US.UTF-8"}, {"LANG": "C", "LANGUAGE": "pt_BR"}, {"LANG": "xx_YY.UTF-8"})
PORTUGUESE = ({"LANG": "pt_BR.UTF-8"}, {"LANG": "pt_BR"}, {"LANG": "C.UTF-8", "LANGUAGE": "pt_BR"}, {"LANG": "en_US.UTF-8", "LC_ALL": "pt_BR.UTF-8"})

for locale in ENGLISH:
    check("First contact" in droste("lab", "list", **locale).stdout, f"it does not speak English under {locale}")
for locale in PORTUGUESE:
    check("Primeiro contato" in droste("lab", "list", **locale).stdout, f"it does not speak Portuguese under {locale}")
    check("falta o número" in droste("lab", "new", "x", "y", **locale).stderr, f"it does not complain in Portuguese under {locale}")
    check("Uso: droste COMANDO" in droste("help", **locale).stdout, f"it does not help in Portuguese under {locale}")
    check("Uso: droste lab" in droste("lab", "--help", **locale).stdout, f"droste lab does not help in Portuguese under {locale}")
    check("First contact" in droste("lab", "list", "--json", **locale).stdout, f"--json is translated under {locale}")

with tempfile.TemporaryDirectory(prefix="droste-languages-") as top:
    folder = f"{top}/mine"
    droste("lab", "new", "2", folder)
    check(os.path.exists(f"{folder}/README.pt_BR.md"), "droste lab new leaves the Portuguese handout behind")
    with open(f"{folder}/answers.txt", "a", encoding="utf-8") as answers:
        answers.write("\nlpws = mode\nx86-theorem = \n")
    plain, english, portuguese = (droste("lab", "check", folder, **locale).stdout for locale in ({}, {"LANG": "en_US.UTF-8"}, PORTUGUESE[0]))
    check(plain == english and "Lab 2: " in plain, "what lab check says in English depends on the locale")
    check("Laboratório 2: " in portuguese and "é a mesma máquina que strict" in portuguese, "lab check does not speak Portuguese")
    shown = [re.sub(r'"[^"]*"|droste .*', "", line) for line in portuguese.split("\n") if line.startswith("    ")]
    left = [line for line in shown if re.search(r"\b(the|is|are|it|of|tests?)\b", line)]
    check(len(shown) > 10, "lab check finds too little in the starter of lab 2")
    check(not left, f"lab check leaves English in Portuguese: {left}")
    reports = []
    for locale in ({"LC_ALL": "C"}, PORTUGUESE[0]):
        said = droste("lab", "grade", folder, "--out", f"{top}/report", **locale).stdout
        files = {name: re.sub(r'"(graded_at|datetime)": "[^"]*"', "", read(name)) for name in glob(f"{top}/report/**", recursive=True) if os.path.isfile(name)}
        reports.append({"": said, **files})
    check(len(reports[0]) > 3, f"the reports are only {sorted(reports[0])}")
    for name, text in reports[0].items():
        check(text == reports[1].get(name), f"{name or 'what lab grade prints'} depends on the locale")

end()
