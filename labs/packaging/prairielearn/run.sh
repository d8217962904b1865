#!/bin/sh
# The entry point in PrairieLearn's grading container: LAB is set in the question's info.json; a
# rubric.json among the question's tests, if there is one, takes the place of the lab's.
set -eu

chmod go-rwx /grade/tests 2>/dev/null || :
report=$(mktemp -d)
set -- "$LAB" /grade/student "$report"
[ ! -f /grade/tests/rubric.json ] || set -- "$@" /grade/tests/rubric.json
grade-submission.sh "$@"
mkdir -p /grade/results
cp "$report/prairielearn/results.json" /grade/results/results.json
