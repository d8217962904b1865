"""What the checks of documents share: files read, and what is right and wrong counted.  Imported by documents.py and languages.py."""

import os
import sys

passed = failed = 0


def check(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"{os.path.basename(sys.argv[0])}:", what)


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def end():
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)
