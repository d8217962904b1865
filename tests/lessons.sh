#!/bin/sh
# For each mutant, whoever is told of it is sent to the right place: the part that `droste check`
# names, in the reference monitor, is the one that the mutant's patch changes.
#
#     lessons.sh BUILD MUTANT...
#
# The patch says where: its files and lines, and so the functions around them.  A
# lesson may name a few functions, since the same can be done wrong in several places.  Called by make.

if [ "$1" = one ]; then
	build=$2 mutant=$3 patch=tests/mutants/$3.patch
	property=$(sed -n 's/^breaks: //p' "$patch")
	json=$build/lessons/$mutant.json
	timeout 600 "${DROSTE:-$build/droste}" check "$property" --monitor "$build/mutants/$mutant.elf" --random 60 --json "$json" >/dev/null
	says=$(jq -r '.findings[0] | select(.verdict == "fails") | .reference' "$json")
	places=$(awk '
		/^\+\+\+ b\/monitor\// { file = substr($2, 11) }
		/^@@ -/ { line = substr($2, 2) + 0; sub(/,.*/, "", line) }
		/^[ +-]/ && !/^(---|\+\+\+)/ {
			if ($0 !~ /^ / && !(file in done)) { print file, line; done[file] = 1 }
			if ($0 !~ /^\+/) line++
		}' "$patch" | while read -r file line; do
		# The function or label around the line; none at the head of a file.
		printf '%s %s\n' "$file" "$(head -n "$line" "monitor/$file" | sed -n 's/^\(ROUTINE([a-z]*\), .*/\1)/p; t
			s/^[a-z][a-z_0-9 *]*[ *]\([a-z_0-9]*\)(.*[^;]$/\1/p; t
			s/^\.macro \([a-z_]*\).*/\1/p; s/^\([a-z_]*\):.*/\1/p; s/^#define \([A-Z]*\)  *[0-9].*/\1/p' | tail -n 1)"
	done)
	# Any place that the patch changes will do.
	echo "$places" | while read -r file function; do
		echo "$says" | tr ';' '\n' | sed 's/^ *//' | grep "^$file:" | tr ' ,' '\n\n' | grep -qxF "$function" && echo named
	done | grep -q named && { echo "ok $mutant"; exit 0; }
	echo "FAIL $mutant: it changes $(echo "$places" | tr ' \n' ':,' | sed 's/,$//'); the message says '${says:-nothing}'"
	exit 0
fi

build=$1
shift
mkdir -p "$build/lessons/rare"
all=$(mktemp "$build/lessons/all-XXXXXX")
trap 'rm -f "$all"' EXIT
printf '%s\n' "$@" | xargs -P "$(nproc)" -I '{}' "$0" one "$build" '{}' >"$all"
grep '^FAIL' "$all" | sort | sed 's/^FAIL/lessons.sh:/'
awk '/^ok/ { p++ } /^FAIL/ { f++ } END { printf "%d passed, %d failed\n", p, f; exit f > 0 || !p }' "$all"
