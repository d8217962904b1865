#!/bin/sh
# droste lab as students and lecturers use it, rightly and wrongly: exit codes, messages, nothing
# half-made, a droste that is installed elsewhere.  command.sh BUILD; called by make.

build=$(realpath "$1")
top=$PWD
unset MAKEFLAGS MAKELEVEL DROSTE DROSTE_LIB LANGUAGE
export LC_ALL=C.UTF-8
work=$(mktemp -d /tmp/droste-lab-test-XXXXXX)
trap 'rm -rf "$work"' EXIT
PATH=$build:$PATH
cd "$work" || exit 1
passed=0 failed=0

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "command.sh: $*"
		head -n 5 out err 2>/dev/null | sed 's/^/  /'
	fi
}

# gives STATUS ARGUMENT...: runs droste lab, keeps its output in out and err.
gives() {
	wanted=$1
	shift
	droste lab "$@" >out 2>err </dev/null
	got=$?
	[ "$got" = "$wanted" ]
	ok "'lab $*' exits with $got, not $wanted"
}

# refuses WORD ARGUMENT...: exit code 2 and one line of ours that has WORD in it.
refuses() {
	word=$1
	shift
	gives 2 "$@"
	[ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q '^droste: ' err && grep -qi -- "$word" err
	ok "'lab $*' does not say '$word' in one line"
}

has() {
	grep -q -- "$1" "${2:-out}"
	ok "no '$1' in ${2:-out}"
}

# ---- a disk that is full -------------------------------------------------------

(ulimit -f 1; exec droste lab new 3 full) >out 2>err </dev/null
[ $? = 2 ] && [ "$(wc -l <err)" = 1 ] && grep -q '^droste: lab: full/.*[a-zA-Z]: cannot write: ' err && [ ! -e full ]
ok "what does not fit is not named, or the folder is left half-made"

# ---- a file that is missing, once ---------------------------------------------

droste lab new 1 misnamed >out 2>err
mv misnamed/answers.txt misnamed/answer.txt
gives 1 check misnamed
[ "$(grep -c "answers.txt is not there; there is 'answer.txt': is it that?" out)" = 1 ]
ok "a misnamed file is not told once"
has '^hello-instructions, .* and 15 more$'
gives 1 grade misnamed
[ "$(grep -c 'happened  *answers.txt is not there; .*that?$' misnamed/report/report.txt)" = 1 ]
ok "a misnamed file is not explained once in the report"

# ---- used wrongly -------------------------------------------------------------

refuses 'say what to do'
refuses 'there are list' frobnicate
refuses 'no option' list --frobnicate
refuses 'an option that this does not take' list --from .
refuses 'wants the number of a lab' new 3
refuses 'the number of a lab is wanted' new three tree
refuses 'the number of a lab is wanted' new 0 tree
refuses 'there is no lab 12' new 12 tree
refuses 'cannot make it' new 3 nowhere/tree
mkdir full && touch full/file
refuses 'not empty' new 3 full
refuses 'is a file' new 3 full/file
[ "$(ls full)" = file ] && [ ! -e tree ] && [ ! -e nowhere ]
ok 'something was made all the same'
refuses "no lab's folder" check full
refuses 'one folder at a time' check one two
refuses 'wants the number' collect 3 full
refuses 'another folder' collect 3 full full

# ---- a student's folder -------------------------------------------------------

gives 0 list
has '^3  Dispatcher'
gives 0 list --json
jq -e 'map(.lab) | length > 0 and . == unique' out >/dev/null
ok 'the list as JSON is not in order'

mkdir empty
gives 0 new 3 empty
has 'the handout is README.md'
[ -f empty/Makefile ] && grep -q "$build/droste" empty/Makefile
ok 'the Makefile does not know the droste that made it'
gives 1 check empty
has 'is yet to be written: vm_reflect(): dispatcher.c, step 1'
gives 1 grade empty
has '0.00 of 100.00'
[ -f empty/report/grade.json ] && [ -f empty/report/report.html ]
ok 'no reports'
gives 0 grade empty --exit-zero --out elsewhere --name me
has '^me: 0.00'
ls -A empty | grep -q given && [ -f elsewhere/grade.json ]
ok 'no reports elsewhere'

# What does not build is said to be so, and is graded.
echo 'int x = ;' >>empty/dispatcher.c
gives 1 check empty
has 'dispatcher.c:.*error' err
has 'does not build' err
gives 1 grade empty
has '0.00 of 100.00'

# One's own files go with one; a symbolic link and a huge file do not.
gives 0 new 4 next --from empty
has 'with 2 of your files'
grep -q 'int x = ;' next/dispatcher.c
ok 'it is not the student'\''s file'
mkdir odd && ln -s /etc/passwd odd/dispatcher.c
refuses 'no regular file' new 4 other --from odd
refuses 'nowhere: cannot open' new 4 other --from nowhere
[ ! -e other ]
ok 'half a folder was left'

# A rubric that takes away a student's guests is the lecturer's right.
echo '{ "title": "t", "points": { "control": 10 }, "guests": [ { "name": "hello", "hidden": true }, "sha256" ] }' >r.json
gives 0 new 3 third --from "$build/labs/solutions/3-dispatcher"
gives 0 check third --rubric r.json
has '1 of 1 tests pass'
refuses 'no key' grade third --rubric third/lab.json

# ---- a lecturer's class -------------------------------------------------------

mkdir -p class/good class/broken class/nothing class/linked
cp third/dispatcher.c third/interpreter.c class/good
cp empty/dispatcher.c class/broken
ln -s /etc/passwd class/linked/dispatcher.c
echo 'not a submission' >class/notes.txt
gives 1 collect 3 class built
has '4 submissions, 1 of them built'
has '^notes.txt: left out'
has '^broken: interpreter.c is missing'
has '^broken: .*built/broken/build.log says why'
[ ! -e built/notes.txt ]
ok 'a file that is no submission was collected'
[ -f built/good/monitor.elf ] && [ ! -e built/broken/monitor.elf ] && grep -q 'error' built/broken/build.log
ok 'collect leaves the wrong files'
! grep -rq root: built
ok 'a link was followed'
# Built again, in another folder, it is the same file: what has been graded is known again.
cp built/good/monitor.elf first.elf
gives 1 collect 3 class built
cmp -s built/good/monitor.elf first.elf
ok 'the same sources make another file'
# A submission that is worse than the one before leaves nothing of it.
cp empty/dispatcher.c class/good/dispatcher.c
gives 0 collect 3 class built --exit-zero
[ ! -e built/good/monitor.elf ]
ok 'the old monitor is graded for the new submission'
droste grade --class built --out graded --exit-zero >out 2>err && grep -q 'it was not built: dispatcher.c:.*error' graded/class.csv
ok 'the class does not say what the compiler says'

# ---- an installed droste ------------------------------------------------------

root="$work/a root/usr" lib="$work/a root/usr/lib/droste"
mkdir -p "$root/bin" "$lib/labs"
cp "$build/droste" "$root/bin"
cp -r "$build/labs"/[0-9]* "$lib/labs"
ln -s "$build/guests" "$build/monitor.elf" "$build/rubric.json" "$lib"
cd "$top" && make -n install DESTDIR="$work/x" 2>/dev/null | grep -q 'labs/\$lab\|lib/droste/labs'
ok 'make install forgets the labs'
cd "$work" || exit 1
env -i PATH=/usr/bin:/bin "$root/bin/droste" lab new 3 far --from third >out 2>err &&
	env -i PATH=/usr/bin:/bin make -s -C far check >out 2>err
ok 'a folder of an installed droste does not check'
has '43 of 43 tests pass'
env -i PATH="$root/bin:/usr/bin:/bin" make -s -C far run >out 2>err && grep -q 'Hello from inside' out
ok 'make run fails'
"$root/bin/droste" lab new 8 forms >out 2>err && env -i PATH="$root/bin:/usr/bin:/bin" make -s -C forms baby where >out 2>err
ok 'lab 8 does not find the forms of an installed droste'
has 'guests/forms/workloads/'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
