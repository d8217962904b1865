#!/bin/sh
# One student's files graded, for autograders in containers.
#
#     grade-submission.sh LAB SUBMISSION OUT [RUBRIC]
#
# Of SUBMISSION only the files that the lab has handed in are taken, into a fresh folder, and
# built there: by the user nobody, if we are root, since a compiler can be told to read other
# files (#include, .incbin), and hidden guests must stay hidden.  What is built is data to
# droste, which runs it in a simulated machine only.  The reports go below OUT.  Exits with 0
# whatever the points; not 0: nothing could be graded, and it is not the student's fault.
set -eu

lab=$1 submission=$2 out=$3 rubric=${4-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A student may have packed the folder and not the files: then there is one folder.
set -- "$submission"/*
[ $# != 1 ] || [ ! -d "$1" ] || [ -L "$1" ] || submission=$1

mkdir "$work/in" "$work/built"
cp -rP "$submission" "$work/in/student"
chmod -R u+rwX,go+rX "$work"
unprivileged=
if [ "$(id -u)" = 0 ]; then
	chown -R nobody "$work/built"
	unprivileged='runuser -u nobody --'
fi
$unprivileged droste lab collect "$lab" "$work/in" "$work/built" --exit-zero
mkdir -p "$work/built/student"
droste grade --submission "$work/built/student" --name "lab $lab" --out "$out" --exit-zero \
	--rubric "${rubric:-$(droste lab list --json | sed -n 's|.*"folder": "\(.*/'"$lab"'-[^"]*\)".*|\1|p')/rubric.json}"
