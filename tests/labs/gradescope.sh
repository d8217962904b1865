#!/bin/sh
# The zip for Gradescope, in a clean Debian root, as Gradescope does: unpacked to
# /autograder/source, setup.sh run once, then for each submission run_autograder in /autograder.
# gradescope.sh BUILD LAB; called by make, as root.  BASE=DIR is a root to start from, made by
# debootstrap before.

set -e
build=$(realpath "$1") number=$2
lab=$(cd "$build/labs" && echo "$number"-*)
solution=$build/labs/solutions/$lab zip=$build/gradescope-lab-$number.zip
work=$(mktemp -d /var/tmp/droste-gradescope-XXXXXX)
root=$work/root
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "gradescope: $*"
		tail -n 5 "$work/out" | sed 's/^/  /'
	fi
}

if [ -n "${BASE-}" ]; then
	cp -a "$BASE" "$root"
else
	debootstrap --variant=minbase bookworm "$root" >"$work/out"
fi
cp -a /etc/apt/. "$root/etc/apt"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/autograder/source" "$root/autograder/results" "$root/autograder/submission"
unzip -q "$zip" -d "$root/autograder/source"
cp "$root/autograder/source/run_autograder" "$root/autograder/run_autograder"

# In the root, with a /proc of its own, nothing of our environment, and /autograder as the
# working directory.
inside() {
	unshare --mount --pid --fork chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LANG=C.UTF-8 sh -c 'mount -t proc proc /proc && cd /autograder && exec "$@"' sh "$@"
}

set +e
inside bash /autograder/source/setup.sh >"$work/out" 2>&1
ok 'setup.sh fails'

# grades WHAT SCORE: what stands in $work/submission.
grades() {
	rm -rf "$root/autograder/submission" "$root/autograder/results"
	mkdir "$root/autograder/results"
	cp -rP "$work/submission" "$root/autograder/submission"
	inside /autograder/run_autograder >"$work/out" 2>&1
	ok "$1: run_autograder fails"
	results=$root/autograder/results/results.json
	jq -e --argjson wanted "$2" '.score == $wanted and (.tests | length) > 0 and ([.tests[].score] | add) <= .score + 0.01' "$results" >>"$work/out" 2>&1
	ok "$1: its score is $(jq .score "$results"), not $2"
}

submit() {
	rm -rf "$work/submission"
	mkdir "$work/submission"
	[ $# = 0 ] || cp "$@" "$work/submission"
}

submit "$solution"/*.c
grades 'the solution' 100
mkdir "$work/submission/mine"
mv "$work/submission"/*.c "$work/submission/mine"
grades 'the solution in a folder' 100

submit
grades 'nothing' 0

submit "$solution"/*.c
echo 'int x = ;' >>"$work/submission/$(basename "$(find "$solution" -name '*.c' | head -n 1)")"
grades 'what does not compile' 0
jq -r '.output, .tests[].output' "$results" | grep -q 'it was not built: .*error: '
ok 'what does not compile: the compiler is not quoted'

# Files of the autograder's must not come back by way of the compiler.
submit "$solution"/*.c
for file in "$work/submission"/*.c; do
	echo '#include "/autograder/source/grade-submission.sh"' >>"$file"
done
grades 'what includes our files' 0
! grep -q 'fresh folder' "$results"
ok 'what includes our files: they are shown'

for wrong in labs/solutions/wrong/"$lab"/*.c; do
	submit "$solution"/*.c
	file=$(sed -n 's/^\/\* wrong: //p' "$wrong")
	awk -f labs/overlay.awk "$solution/$file" "$wrong" >"$work/submission/$file"
	grades "$wrong" "$(sed -n 's/^ \* score: //p' "$wrong")"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
