"""Grades one submission for Classroom 50, whose runner calls this in the student's checkout and
reads ./result.json.  Goes to CLASSROOM/autograders/ASSIGNMENT/autograder.py, with
grade-submission.sh and, if you have one, rubric.json beside it.  The runner's image must have
droste: see ../prairielearn/Dockerfile."""

import shutil
import subprocess
import tempfile
from pathlib import Path

LAB = "3"
HERE = Path(__file__).resolve().parent

rubric = HERE / "rubric.json"
with tempfile.TemporaryDirectory() as out:
    command = ["sh", HERE / "grade-submission.sh", LAB, ".", out]
    subprocess.run(command + ([rubric] if rubric.is_file() else []), check=True)
    shutil.copy(Path(out) / "classroom50" / "result.json", "result.json")
