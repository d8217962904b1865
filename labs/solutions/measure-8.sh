#!/bin/sh
# Lab 8's answers of step 3, measured as a student does: exhibits change, and their costs with them.
# measure-8.sh DROSTE ANSWERS; called when the solution is made.
set -e

droste=$(realpath "$1") answers=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL DROSTE DROSTE_LIB
"$droste" lab new 8 "$work/tree" >/dev/null
cd "$work/tree"
make -s all

# answer NAME VALUE: in the place of the one that stands there.
answer() {
	[ -n "$2" ]
	sed -i "s|^$1 = [^ ]*|$1 = $2|" "$answers"
}

# What level 0 has executed.
steps() { make -s "$1" 2>&1 | sed -n 's/^ *0 *\([0-9]*\) .*reset.*/\1/p'; }

cost() { "$droste" nest --quiet --depth 1 "$@" timer | sed -n 's/^ *1 .* \([0-9.]*\)x *[0-9.]*x .*/\1/p'; }

for form in bare interpreting pascal jvm baby; do
	answer $form-instructions "$(steps $form)"
done
answer hybrid-cost "$(cost --monitor monitors/hybrid.elf)"
answer type1-cost "$(cost)"
