"""Checks a folder of reports by the rules of who reads them: Jenkins' JUnit schema, TAP 14,
Gradescope, PrairieLearn, Classroom 50 and Autolab, and a browser's of what a page may load.  Of
a submission that fails somewhere, or is no monitor.  Called by tests/grade.sh."""

import html.parser
import json
import re
import sys
import xml.etree.ElementTree as xml

folder = sys.argv[1]


def read(name):
    with open(f"{folder}/{name}", encoding="utf-8", errors="strict") as file:
        return file.read()


def points(test, earned, most):
    assert 0 <= test[earned] <= test[most], test


grade = json.loads(read("grade.json"))
assert re.fullmatch("[0-9a-f]{16}", grade["rubric"]) and re.fullmatch("[0-9a-f]{16}", grade["submission"])
assert grade["droste"] and isinstance(grade["seed"], int) and grade["graded_at"] == "2001-09-09T01:46:40Z"
refused = "refused" in grade
failing = [t for t in grade["tests"] if t["state"] == "failed"]
assert any(t["state"] != "passed" for t in grade["tests"])
assert all(t["hidden"] or "note" in t or "part" in t or t["lesson"]["again"].startswith("droste check ") for t in failing)
assert all(t["hidden"] or "note" in t or t["lesson"]["what"] for t in failing)
assert not refused or (grade["refused"]["what"] and grade["points"] == 0)

# Jenkins: https://github.com/jenkinsci/xunit-plugin, junit-10.xsd
root = xml.fromstring(read("junit.xml"))
assert root.tag == "testsuites"
for suite in root:
    assert suite.tag == "testsuite" and {"name", "tests", "failures", "errors"} <= set(suite.attrib)
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests"))
    assert sum(c.find("failure") is not None for c in cases) == int(suite.get("failures"))
    assert sum(c.find("error") is not None for c in cases) == int(suite.get("errors"))
    assert [e.tag for e in suite] == ["properties"] + ["testcase"] * len(cases)
    for case in cases:
        assert set(case.attrib) == {"classname", "name"}
        assert all(set(e.attrib) == {"message", "type"} for e in case)

# https://testanything.org/tap-version-14-specification.html
lines = read("report.tap").splitlines()
assert lines[0] == "TAP version 14"
plan = re.fullmatch(r"1\.\.(\d+)", lines[1])
tests = [re.fullmatch(r"(not )?ok (\d+) - (?:[^#\\]|\\#|\\\\)+", line) for line in lines if re.match("(not )?ok", line)]
assert all(tests) and [int(t[2]) for t in tests] == list(range(1, int(plan[1]) + 1))
inside = False
for line in lines[2:]:
    inside = line == "  ---" or (inside and line != "  ...")
    assert not line.startswith(" ") or line == "  ..." or inside
    if inside and ": \"" in line:
        json.loads(line.split(": ", 1)[1])

# https://gradescope-autograders.readthedocs.io/en/latest/specs/
gradescope = json.loads(read("gradescope/results.json"))
assert gradescope["score"] == grade["points"]
assert gradescope["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
for test in gradescope["tests"]:
    points(test, "score", "max_score")
    assert test["status"] in ("passed", "failed") and test["output_format"] in ("text", "html", "simple_format", "md", "ansi")

# https://docs.prairielearn.com/externalGrading/
text = read("prairielearn/results.json")
prairielearn = json.loads(text)
assert len(text) < 1 << 20 and prairielearn["gradable"] is not refused and 0.0 <= prairielearn["score"] <= 1.0
assert not refused or (prairielearn["format_errors"] and all(isinstance(e, str) for e in prairielearn["format_errors"]))
for test in prairielearn["tests"]:
    points(test, "points", "max_points")
    assert {"name", "description", "message", "output"} <= set(test)

# https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
classroom = json.loads(read("classroom50/result.json"))
assert set(classroom) == {"schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime",
                          "score", "max-score", "tests"}
assert classroom["schema"] == "classroom50/result/v1" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", classroom["datetime"])
assert all(isinstance(t["score"], int) and isinstance(t["max-score"], int) and isinstance(t["passed"], bool) for t in classroom["tests"])
assert classroom["score"] == sum(t["score"] for t in classroom["tests"])
assert classroom["max-score"] == sum(t["max-score"] for t in classroom["tests"])

# https://docs.autolabproject.com/lab/ and features/formatted-feedback
last = read("autolab.txt").rstrip("\n").split("\n")[-2:]
stages, scores = json.loads(last[0]), json.loads(last[1])
assert list(scores) == ["scores"] and abs(sum(scores["scores"].values()) - grade["points"]) < 0.001
assert stages["_presentation"] == "semantic" and all(stages[s] for s in stages["stages"])


class Page(html.parser.HTMLParser):
    """Nothing is loaded, nothing runs, all that is opened is closed."""

    open = []
    ids = set()
    links = set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag not in ("script", "img", "link", "iframe", "object") and not any(a.startswith("on") or a == "src" for a in attributes)
        assert tag != "svg" or attributes.get("aria-label")
        if tag == "a":
            assert attributes["href"].startswith("#")
            self.links.add(attributes["href"][1:])
        if "id" in attributes:
            assert attributes["id"] not in self.ids
            self.ids.add(attributes["id"])
        if tag not in ("meta", "rect", "circle", "path", "polyline"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


page = Page()
page.feed(read("report.html"))
assert not page.open and page.links <= page.ids
