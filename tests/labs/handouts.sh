#!/bin/bash
# Every command in every handout is run, and what it prints compared with what the handout
# shows.  handouts.sh BUILD README...; called by make.
#
# For what the student would write meanwhile a handout may say, in a comment, `solve FILE
# [NAME...]`: those definitions of the lab's solution, or the whole file.

build=$(realpath "$1")
top=$PWD
shift
export PATH="$build:$PATH" LC_ALL=C.UTF-8
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES DROSTE DROSTE_LIB LANGUAGE
work=$(mktemp -d /tmp/droste-handout-XXXXXX)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

fails() {
	failed=$((failed + 1))
	echo "$handout:$1: $2"
}

run() {
	local text
	text=$(cat)
	eval "$text" >"$work/actual" 2>&1 </dev/null
	if awk -f "$top/tests/labs/match.awk" "$work/expected.$1" "$work/actual" >"$work/why"; then
		passed=$((passed + 1))
	else
		fails "$2" "\$ $text"
		cat "$work/why"
	fi
}

quietly() {
	local text
	text=$(cat)
	eval "$text" >"$work/actual" 2>&1 </dev/null || { fails "$1" "$text"; tail -n 3 "$work/actual"; }
}

solve() {
	local file=$1 solution=$build/labs/solutions/$lab
	shift
	if [ $# = 0 ]; then
		cp "$solution/$file" "$file"
	else
		awk -v only="$*" -f "$top/labs/overlay.awk" "$file" "$solution/$file" >"$work/solved" && cp "$work/solved" "$file"
	fi
}

for handout; do
	handout=$(realpath "$handout")
	lab=$(basename "$(dirname "$handout")")
	rm -rf "${work:?}"/*
	mkdir "$work/here"
	awk -v work="$work" -f "$top/tests/labs/handout.awk" "$handout" >"$work/script"
	before=$((passed + failed))
	cd "$work/here" || exit 1
	# shellcheck disable=SC1091
	. "$work/script"
	cd "$top" || exit 1
	[ $((passed + failed)) -gt $before ] || fails 1 'it shows no command'
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
