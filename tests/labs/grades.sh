#!/bin/sh
# The labs graded: each starter builds without a warning and has few points, each solution has
# all, each wrong solution the score and the message that its head says.  grades.sh BUILD LAB...;
# called by make.  WRONG_MOST=N tries so many of a lab's wrong solutions.

build=$(realpath "$1") droste=$build/droste
shift
unset MAKEFLAGS MAKELEVEL DROSTE DROSTE_LIB LANGUAGE
export LC_ALL=C.UTF-8
work=$(mktemp -d /tmp/droste-labs-XXXXXX)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "labs: $*"
		tail -n 5 "$work/out" | sed 's/^/  /'
	fi
}

# tree LAB [HAND-IN]: a student's folder, in $work/tree.
tree() {
	rm -rf "$work/tree"
	"$droste" lab new "${1%%-*}" "$work/tree" ${2:+--from "$2"} >"$work/out" 2>&1
}

points() { sed -n 's/.*: \([0-9.]*\) of [0-9.]* points.*/\1/p' "$work/out"; }

# scores WANTED: grades the tree.
scores() {
	"$droste" lab grade "$work/tree" --exit-zero >"$work/out" 2>&1
	[ "$(points)" = "$1" ]
	ok "$lab: $what has $(points) points, not $1"
}

# The most that a starter may have.
starter_most=45

grade_starter() {
	what='the starter'
	tree "$lab"
	ok "$lab: no folder is made"
	make -s -C "$work/tree" all >"$work/out" 2>&1 && [ ! -s "$work/out" ]
	ok "$lab: the starter does not build, or not without a warning"
	"$droste" lab grade "$work/tree" --exit-zero >"$work/out" 2>&1
	[ -n "$(points)" ] && [ "$(points | cut -d. -f1)" -lt "$starter_most" ]
	ok "$lab: the starter has $(points) points"
	"$droste" lab check "$work/tree" >"$work/out" 2>&1
	[ $? = 1 ] && grep -q '^Lab [0-9]: [0-9]* of [0-9]* tests pass' "$work/out"
	ok "$lab: check says nothing of the starter"
}

grade_solution() {
	what='the solution'
	tree "$lab" "$build/labs/solutions/$lab"
	"$droste" lab grade "$work/tree" >"$work/out" 2>&1
	ok "$lab: the solution has $(points) points"
	"$droste" lab check "$work/tree" >"$work/out" 2>&1
	ok "$lab: check is not content with the solution"
}

# A head's line of that name.
head_line() { sed -n "s/^\(\/\*\| \*\|#\) $1: //p" "$wrong" | head -n 1; }

# overlay SOLUTION: with what $wrong has in the place of it: definitions of C, answers, or all.
overlay() {
	case $wrong in
	*.txt) awk -F' *= *' 'NR == FNR { if (!/^#/ && NF > 1) line[$1] = $0; next } $1 in line { print line[$1]; next } { print }' "$wrong" "$1" ;;
	*.profile) cat "$wrong" ;;
	*) awk -f labs/overlay.awk "$1" "$wrong" ;;
	esac
}

grade_wrong() {
	what=$(basename "$wrong")
	file=$(head_line wrong)
	tree "$lab" "$build/labs/solutions/$lab"
	overlay "$build/labs/solutions/$lab/$file" >"$work/wrong" 2>"$work/out" && cp "$work/wrong" "$work/tree/$file"
	ok "$lab: $what does not apply to the solution"
	scores "$(head_line score)"
	"$droste" lab check "$work/tree" >"$work/out" 2>&1
	tr -s ' \n' '  ' <"$work/out" | grep -qF -- "$(head_line message)"
	ok "$lab: $what is not told '$(head_line message)'"
}

for lab; do
	grade_starter
	grade_solution
	left=${WRONG_MOST:-1000}
	for wrong in labs/solutions/wrong/"$lab"/*.*; do
		[ ! -e "$wrong" ] || [ $((left -= 1)) -lt 0 ] || grade_wrong
	done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
