#!/bin/sh
# A class graded by GNU parallel, here or on other machines by ssh (PARALLEL_OPTIONS='--sshloginfile
# HOSTS', with CLASS and OUT on a file system that they share).
#
#     labs/batch/parallel.sh CLASS OUT [RUBRIC]
#
# Run again after a failure: what is graded is not graded again.
set -eu

class=$(realpath "$1") out=$(realpath -m "$2") rubric=${3:+$(realpath "$3")} droste=${DROSTE-droste}
mkdir -p "$out"
find "$class" -mindepth 1 -maxdepth 1 -not -name '.*' -printf '%f\n' | sed 's/\.elf$//' | LC_ALL=C sort |
	parallel ${PARALLEL_OPTIONS-} "$droste" grade --class "$class" --out "$out" ${rubric:+--rubric "$rubric"} --exit-zero --one '{}' || true
exec "$droste" grade --merge --class "$class" --out "$out" --exit-zero
