"""Checks the documents: links to files and headings lead somewhere, papers that are cited stand in docs/references.md, what
docs/teaching.md quotes is what the tests of the wrong solutions expect, and the rubrics that documents show fit the schema.
documents.py; called from the project's root by make test-documents."""

import json
import os
import re
import subprocess
import sys

from checking import check, end, read


def slug(heading):
    """As GitHub makes the anchor of a heading."""
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", "")).replace(" ", "-")


def without_code(text):
    """Without blocks and pieces of code, in which brackets mean something else."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def anchors(name):
    seen, found = {}, set()
    for heading in re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", read(name), flags=re.S | re.M), flags=re.M):
        anchor = slug(heading)
        n = seen.get(anchor, 0)
        seen[anchor] = n + 1
        found.add(f"{anchor}-{n}" if n else anchor)
    return found


documents = [name for name in subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], capture_output=True, text=True, check=True).stdout.split("\n")
             if name and os.path.exists(name)]

# ---- links --------------------------------------------------------------------

for name in documents:
    for line, text in enumerate(without_code(read(name)).split("\n"), 1):
        for target in re.findall(r"\]\(([^()\s]+(?:\([^)]*\)[^()\s]*)*)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            check(os.path.exists(path), f"{name}: nothing is at {target}")
            if anchor and path.endswith(".md") and os.path.exists(path):
                check(anchor in anchors(path), f"{name}: {target} names no heading")

# ---- the index ------------------------------------------------------------------

index = set(re.findall(r"\]\(([^()\s]+)\)", read("docs/README.md")))
for name in sorted(os.listdir("docs")):
    if name.endswith((".md", ".json")) and name != "README.md":
        check(name in index, f"docs/README.md does not have {name}")

# ---- files that the sources name --------------------------------------------------

sources = subprocess.run(["git", "ls-files", "*.[chS]", "*.def", "*.sh", "*.py", "*.mk", ":!docs/samples", ":!labs"], capture_output=True, text=True, check=True).stdout.split()
for name in sources:
    for path in re.findall(r"(?<![\w/)$.-])((?:cli|docs|inspector|machine|monitor|properties|tests)/[\w/-]+\.(?:[chS]|sh|py|def|md|json))\b", read(name)):
        check(os.path.exists(path), f"{name} speaks of {path}, which is not there")

# ---- references -----------------------------------------------------------------


def plain(title):
    return re.sub(r"[^a-z0-9]+", " ", title.lower()).strip()


entries = re.findall(r"^\| `([a-z0-9]+)` \| (.*) \|$", read("docs/references.md"), flags=re.M)
check(len(entries) > 20 and len({key for key, _ in entries}) == len(entries), "docs/references.md: keys are not each one's own")
check([key for key, _ in entries] == sorted(key for key, _ in entries), "docs/references.md: keys are not in order")
titles = [plain(re.search(r"\*(.+?)\*", entry)[1]) for _, entry in entries]
for key, entry in entries:
    check(re.search(r"\*.+?\*.*\b(19|20)\d\d$", entry), f"docs/references.md: {key} has no title or no year")
for name in documents:
    if name == "docs/references.md":
        continue
    text = re.sub(r"\s+", " ", without_code(read(name)))
    # A title, then where it appeared, within a sentence: "*Title*, CACM 17(7), 1974".
    for title, _ in re.findall(r"(?:(?<=, )|(?<=: ))[*\"]([A-Z][^*\"]{14,120})[*\"],? (?:[A-Z][^·;*\"]{0,70}?[ ,])?((?:19|20)\d\d)\b", text):
        known = plain(title)
        check(any(one.startswith(known) or known.startswith(one) for one in titles), f"{name}: '{title}' is not in docs/references.md")

# ---- what teaching.md quotes ------------------------------------------------------

rows = re.findall(r"^\| \[`([^`]+)`\]\([^)]+\): [^|]+ \| (.*) \|$", read("docs/teaching.md"), flags=re.M)
check(len(rows) > 10, "docs/teaching.md shows no wrong solutions")
for wrong, message in rows:
    check(f"message: {message}\n" in read(f"labs/solutions/wrong/{wrong}"), f"docs/teaching.md: {wrong} is not told '{message}'")

# ---- rubrics that are shown -------------------------------------------------------

for name in ("docs/teaching.md", "docs/grading.md"):
    for block in re.findall(r"^```json\n(.*?)^```", read(name), flags=re.S | re.M):
        done = subprocess.run([sys.executable, "tests/grade_schema.py", "docs/rubric.schema.json", "/dev/stdin"], input=block, text=True, check=False)
        check(done.returncode == 0 and json.loads(block), f"{name}: a rubric that it shows does not fit the schema")

end()
