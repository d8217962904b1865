"""Figures for slides, drawn from what droste measures: nesting, a trap's way, the curve of exits, classes of
instructions, how R is composed; and the score of a run, which droste trace draws itself.
figures.py DROSTE FOLDER; called by `make figures`."""

import html
import json
import math
import subprocess
import sys

DROSTE, FOLDER = sys.argv[1:3]
WIDTH, HEIGHT = 1280, 720
INK, GREY, RULE, WARM = "#1d2733", "#5b6775", "#c4ccd4", "#b3541e"
LEVELS = ["#dbe7f3", "#fbe6d0", "#dcefdc", "#efe0f2", "#f4efc8"]
EDGES = ["#3b6ea5", "#b3702a", "#4c8a4c", "#8a5a98", "#9a8f2a"]


def droste(*arguments):
    done = subprocess.run([DROSTE, *arguments], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


class Figure:
    """An SVG of a slide's size, with few kinds of things in it."""

    def __init__(self, name, title, says):
        self.name, self.parts = name, []
        self.text(60, 64, title, size=34, weight="bold")
        self.text(60, 100, says, size=20, fill=GREY)

    def text(self, x, y, what, size=20, anchor="start", fill=INK, weight="normal", mono=False):
        family = "DejaVu Sans Mono, Menlo, Consolas, monospace" if mono else "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}" '
                          f'font-family="{family}">{html.escape(str(what))}</text>')

    def box(self, x, y, width, height, fill="none", edge=INK, thick=2.0, dash=""):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" fill="{fill}" stroke="{edge}" '
                          f'stroke-width="{thick}"{f" stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""}/>')

    def line(self, points, edge=INK, thick=2.5, dash="", arrow=False):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{edge}" stroke-width="{thick}"'
                          f'{f" stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""}{" marker-end=" + chr(34) + "url(#arrow)" + chr(34) if arrow else ""}/>')

    def dot(self, x, y, fill=INK, radius=6):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>')

    def write(self):
        with open(f"{FOLDER}/{self.name}.svg", "w", encoding="utf-8") as file:
            file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
                       '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
                       f'<path d="M0 0L10 5L0 10z" fill="{INK}"/></marker></defs>\n'
                       f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


# ---- nesting ------------------------------------------------------------------


def nesting():
    """Boxes in boxes, with the storage that each has, as the levels are found by their anchors."""
    figure = Figure("nesting", "A monitor hosts itself", "hello at depth 3: every level but the lowest runs in real user mode")
    lines = [line for line in droste("debug", "--depth", "3", "--batch", "-ex", "enter", "-ex", "levels", "hello").splitlines() if "K at 0x" in line]
    names = ["monitor", "monitor", "monitor", "hello"]
    for level, line in enumerate(lines):
        words = line.replace(">", " ").split()
        storage = next(word for word in words if word.endswith("K"))
        base = next(word for word in words if word.startswith("0x"))
        x, y = 60 + 70 * level, 136 + 86 * level
        width, height = 1160 - 140 * level, 540 - 126 * level
        figure.box(x, y, width, height, LEVELS[level], EDGES[level], 3)
        what = "the real machine" if level == 0 else "a virtual machine"
        figure.text(x + 18, y + 32, f"level {level}: {what}", 22, weight="bold")
        figure.text(x + width - 18, y + (32 if level < 3 else 100), f"{storage[:-1]} KiB from real {base}", 18, "end", GREY, mono=True)
        figure.text(x + 18, y + 64, f"{names[level]}: " + ("supervisor mode" if level == 0 else "believes to be in supervisor mode"), 20)
    figure.write()


# ---- the trap's way -----------------------------------------------------------


def way():
    """Who has the processor, from the guest's SIO to its next instruction, at depth 2."""
    figure = Figure("trap", "One SIO, three exits", "hello at depth 2, from the guest's trap to its next instruction; time runs to the right, in instructions")
    events = [json.loads(line) for line in droste("trace", "--depth", "2", "--format", "jsonl", "--from", "guest", "hello").splitlines()]
    first = next(i for i, event in enumerate(events) if event["event"] == "trap" and event["from"] == 2)
    last = next(i for i, event in enumerate(events) if i > first and event["event"] == "entry" and event["level"] == 2)
    events = events[first:last + 1]
    begin, end = events[0]["clock"] - 120, events[-1]["clock"] + 120
    def at(clock):
        return 300 + (clock - begin) / (end - begin) * 920
    row = [540, 380, 220]
    for level, name in enumerate(["0: the real machine", "1: a monitor", "2: the guest, hello"]):
        figure.box(300, row[level] - 26, 920, 52, "#f5f7f9", RULE, 1)
        figure.text(60, row[level] + 7, name, 19, weight="bold")
    running, since, said = 2, begin, 0
    for event in events + [{"event": "stop", "clock": end}]:
        if event["event"] == "reflection":
            x = at(event["clock"])
            figure.line([(x, row[0] - 26), (x, row[event["level"]] + 30)], EDGES[event["level"]], 2, "6 5", True)
            figure.text(x - 8, (row[0] + row[1]) / 2 + 6, "reflected", 18, "end", EDGES[event["level"]])
            continue
        figure.box(at(since), row[running] - 26, max(at(event["clock"]) - at(since), 2), 52, LEVELS[running], EDGES[running], 2)
        if event["event"] == "trap":
            said += 1
            x = at(event["clock"])
            figure.line([(x, row[running] + 26), (x, row[0] - 30)], INK, 2.5, "", True)
            what = "SIO traps" if event.get("symbol") != "resume" else "LPSW traps"
            figure.text(x + (8 if said > 1 else -8), row[running] - 38, f"{said}. {what}", 20, "start" if said > 1 else "end", weight="bold")
            running = 0
        elif event["event"] == "entry":
            x = at(event["clock"])
            if event["level"]:
                figure.line([(x, row[0] - 26), (x, row[event["level"]] + 30)], GREY, 2, "", True)
            running = event["level"]
        since = event["clock"]
    for line, says in enumerate(["1. The hardware gives control to level 0, which reflects the trap to level 1.",
                                 "2. Level 1 issues an SIO for its guest, and is in user mode itself.   3. It gives the processor back by LPSW.",
                                 "At depth n an SIO costs 2ⁿ − 1 exits, any other privileged instruction 2ⁿ⁻¹."]):
        figure.text(60, 634 + 28 * line, says, 19, fill=GREY)
    figure.write()


# ---- the curve ----------------------------------------------------------------


def curve():
    """Exits of level 0 for one privileged instruction, by depth, on a scale of powers of two."""
    figure = Figure("exits", "What nesting costs", "exits of the real machine for one privileged instruction of preempt, measured by depth")
    rows = []
    for line in droste("nest", "--depth", "6", "--quiet", "preempt").splitlines():
        words = line.split()
        if len(words) > 6 and words[0].isdigit() and words[4] != "-":
            rows.append((int(words[0]), float(words[4]), float(words[5])))
    def at(depth, exits):
        return 140 + 170 * (depth - 1), 620 - 80 * math.log2(exits)
    for power in range(7):
        y = at(1, 2 ** power)[1]
        figure.line([(120, y), (1060, y)], RULE, 1)
        figure.text(108, y + 7, 2 ** power, 20, "end", GREY)
    for depth, _, _ in rows:
        figure.text(at(depth, 1)[0], 656, f"depth {depth}", 20, "middle", GREY)
    figure.line([at(depth, 2 ** (depth - 1)) for depth, _, _ in rows], GREY, 10)
    for column, edge, name in ((1, EDGES[0], "others: 2ⁿ⁻¹"), (2, WARM, "SIO: 2ⁿ − 1")):
        figure.line([at(row[0], row[column]) for row in rows], edge, 3)
        for row in rows:
            x, y = at(row[0], row[column])
            figure.dot(x, y, edge)
            if column == 2:
                figure.text(x - 10, y - 12, f"{row[column]:g}", 18, "end", edge)
            elif row[0] > 1:
                figure.text(x + 12, y + 26, f"{row[column]:g}", 18, "start", edge)
        x, y = at(rows[-1][0], rows[-1][column])
        figure.text(x + 24, y + (-4 if column == 1 else 2), name, 22, "start", edge, "bold")
    figure.text(1060, 690, "thick grey: the least there can be with one privileged instruction a world switch", 18, "end", GREY)
    figure.write()


# ---- classes ------------------------------------------------------------------


def classes():
    """The System ISA of three machines: what is sensitive, and what of it does not trap."""
    figure = Figure("classes", "Theorem 1: sensitive ⊆ privileged", "the System ISA of three machines, as droste classify derives it; by the letter, registers count as state")
    for column, profile in enumerate(["strict", "pdp10", "x86"]):
        document = json.loads(droste("classify", "--json", "--profile", profile))
        insns = [insn for insn in document["instructions"] if insn["privileged"] != "no" or not insn["innocuous"]]
        def sensitive(insn):
            return any(insn[way] in ("letter", "registers", "yes") for way in ("control", "mode", "location"))
        groups = [[insn["name"] for insn in insns if sensitive(insn) == s and (insn["privileged"] == "yes") == p]
                  for s, p in ((False, True), (True, True), (True, False))]
        x = 60 + 400 * column
        figure.text(x + 180, 148, profile, 24, "middle", weight="bold")
        figure.text(x + 180, 172, document["after"], 17, "middle", GREY)
        figure.box(x, 190, 360, 300, LEVELS[0], EDGES[0], 3)
        figure.text(x + 18, 220, "privileged", 20, fill=EDGES[0], weight="bold")
        figure.box(x + 24, 330, 312, 140 if not groups[2] else 250, LEVELS[1], EDGES[1], 3)
        figure.text(x + 42, 360, "sensitive", 20, fill=EDGES[1], weight="bold")
        for names, y in ((groups[0], 250), (groups[1], 392), (groups[2], 546)):
            for row in range(0, len(names), 4):
                figure.text(x + (18 if y == 250 else 42), y + 26 * (row // 4), "  ".join(names[row:row + 4]), 20, mono=True, fill=WARM if y == 546 else INK,
                            weight="bold" if y == 546 else "normal")
        figure.text(x + 180, 640, "a monitor can be built" if not groups[2] else "these do not trap: no monitor", 20, "middle", EDGES[2] if not groups[2] else WARM, "bold")
    figure.write()


# ---- R ------------------------------------------------------------------------


def relocation():
    """An address's way from level 3 to real storage, and one that is refused."""
    figure = Figure("allocation", "Allocation: R composed", "hello at depth 3: each monitor adds where its VM's storage begins; the sum is the one R of the hardware")
    lines = droste("debug", "--depth", "3", "--batch", "-ex", "enter", "-ex", "translate 0x140", "hello").splitlines()
    steps = []
    for line in lines:
        words = line.replace(",", "").split()
        if len(words) > 3 and words[0] == "level" and words[2] == "real" and words[3].startswith("0x"):
            base = int(words[words.index("base") + 1], 16) if "base" in words else 0
            steps.append((int(words[1]), int(words[3], 16), base))
    for level in range(4):
        y = 570 - 120 * level
        x = 240 + 90 * level
        figure.box(x, y - 34, 1180 - x, 68, LEVELS[level], EDGES[level], 3)
        figure.text(60, y + 7, f"level {level}", 22, weight="bold")
        address = next(step[1] for step in steps if step[0] == level)
        figure.dot(760, y, WARM, 7)
        figure.text(776, y + 7, f"0x{address:08x}", 22, mono=True)
        if level:
            base = next(step[2] for step in steps if step[0] == level)
            figure.line([(760, y + 8), (760, y + 86 - 10)], INK, 2.5, "", True)
            figure.text(776, y + 66, f"+ 0x{base:x}", 20, mono=True, fill=GREY)
            figure.text(x + 14, y + 7, "its own R: base 0" if level == 3 else "the monitor, then its VM's storage", 18, fill=GREY)
        else:
            figure.text(x + 14, y + 7, "real storage", 18, fill=GREY)
    figure.text(60, 652, f"While the guest runs, the hardware's R has base 0x{sum(step[2] for step in steps):x}, and as bound the least that any level leaves.", 20, fill=GREY)
    figure.text(60, 682, "An address beyond it traps. It is refused by the first level, counted from the guest, whose bound it exceeds.", 20, fill=GREY)
    figure.write()


for draw in (nesting, way, curve, classes, relocation):
    draw()
subprocess.run([DROSTE, "trace", "--depth", "2", "--format", "score", "--from", "guest", "--output", f"{FOLDER}/score.svg", "preempt"], check=True)
