#!/bin/sh
# droste grade as a lecturer, a student and a batch engine see it: exit codes, what bad input
# gets, every format by its reader's rules, a class with broken submissions, resumed and
# merged, cut off by a signal, and a full disk.  grade.sh DROSTE BUILD; called by make.

. "$(dirname "$0")/grade_common.sh"

# refuses WORD ARGUMENT...: exit code 2 and one line of ours that has WORD in it.
refuses() {
	word=$1
	shift
	gives 2 "$@"
	[ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q '^droste: ' err && grep -qi -- "$word" err
	ok "'grade $*' does not say '$word' in one line"
}

has() {
	grep -q -- "$1" "${2:-out}"
	ok "no '$1' in ${2:-out}"
}

cat >rubric.json <<-END
	{ "title": "A short one", "points": { "equivalence": 60, "control": 40 }, "guests": [ "hello", "boot-ecall",
	  { "name": "preempt", "weight": 2, "budget": 100000000 }, { "name": "random", "random": 5, "seed": 3 } ] }
END
good=$build/monitor.elf bad=$build/tests/monitors mutants=$build/mutants

# ---- used wrongly -------------------------------------------------------------

refuses 'give --monitor'
refuses 'no option' --frobnicate
refuses 'belongs to an option' one two
refuses 'no format' --format pdf --monitor "$good"
refuses 'cannot open' --monitor nowhere.elf
refuses 'cannot open' --monitor "$good" --rubric nowhere.json
echo '{ "points": { "control": 1 }, "guests": [ { "name": "hello", "late": true } ] }' >late.json
refuses 'no input that could come late' --monitor "$good" --rubric late.json
refuses 'needs --out' --class .
refuses 'jobs' --class . --out o --jobs 0
refuses 'line 1' --monitor "$good" --rubric /dev/null
echo '{ "points": { "control": 10 }, "guests": [ "nobody" ] }' >no-guest.json
refuses "'nobody' is not of the standard set" --monitor "$good" --rubric no-guest.json
echo '{ "points": { "control": 10 }, "guests": [ "hello" ], "extra": 1 }' >extra.json
refuses 'no key "extra"' --monitor "$good" --rubric extra.json
echo '{ "points": { "control": 10 }, "guests": [ "hello" ], "depth": 9 }' >deep.json
refuses 'the rubric: "depth"' --monitor "$good" --rubric deep.json
echo '{ "parts": { "control": "x" }, "tasks": [ { "name": "a", "part": "control", "points": 1 } ] }' >part.json
refuses 'control is a property' --monitor "$good" --rubric part.json
echo '{ "points": { "control": 10 }, "guests": [ { "name": "zero", "file": "/dev/zero" } ] }' >endless.json
refuses 'cannot be read whole' --monitor "$good" --rubric endless.json

# ---- one submission -----------------------------------------------------------

gives 0 --monitor "$good" --rubric rubric.json
has '100.00 of 100.00'
gives 1 --monitor "$mutants/x31-lost.elf" --rubric rubric.json
has 'the world switch'
has 'again       droste check equivalence --monitor x31-lost.elf --guest hello'
gives 0 --exit-zero --monitor "$mutants/x31-lost.elf" --rubric rubric.json
for name in hangs crashes babbles lies; do
	gives 1 --monitor "$bad/$name.elf" --rubric rubric.json
	has 'in all         0.00 of 100.00'
done

# What is no monitor gets a result, not an error.
: >empty.elf
head -c 17000000 /dev/zero >huge.elf
head -c 3000 "$good" >cut.elf
for case in "empty.elf:is empty" "huge.elf:MiB" "cut.elf:cut" "$build/guests/hello.elf:no anchor" "$droste:32-bit" \
	"rubric.json:not an ELF" ".:not a regular file"; do
	gives 1 --monitor "${case%:*}" --rubric rubric.json --name somebody
	has "${case##*:}"
	has 'in all         0.00 of 100.00'
done

# The commands that a report gives work.
gives 1 --monitor "$mutants/x31-lost.elf" --rubric rubric.json
command=$(sed -n 's/^ *again  *droste//p' out | head -n 1)
(cd "$mutants" && eval "$droste $command") >again 2>&1
has 'x31 not as on the bare machine' again
command=$(sed -n 's/^ *open  *droste debug/--batch/p' out | head -n 1)
(cd "$mutants" && eval "$droste debug $command") >opened 2>&1
has 'a trap: privileged' opened

# Of a random guest, too: nothing but that guest is run, and it fails the same way.
echo '{ "points": { "equivalence": 1 }, "guests": [ { "name": "random", "random": 2, "seed": 3 } ] }' >random.json
gives 1 --monitor "$mutants/x31-lost.elf" --rubric random.json
cp out said
for kind in again open; do
	command=$(sed -n "s/^ *$kind  *droste//p" said)
	(cd "$mutants" && eval "'$droste' ${command% --out fault}") >out 2>err
	[ $? = 1 ] && grep -q "$(sed -n 's/^ *happened  *//p' said)" out && grep -q 'random 3' out
	ok "'droste $command' does not show what failed"
done
grep -q ' --out fault$' said
ok "nothing opens a random guest"

# Of a guest that was not done within its budget: where the monitor was then, and what it had done.
echo '{ "points": { "equivalence": 1 }, "guests": [ { "name": "preempt", "budget": 400000 } ] }' >within.json
gives 1 --monitor "$mutants/hostile/dawdles.elf" --rubric within.json
has 'budget of 400000 steps for it'
cp out said
open=$(sed -n 's/^ *open  *droste debug/--batch/p' said) again=$(sed -n 's/^ *again  *droste//p' said)
(cd "$mutants/hostile" && eval "'$droste' debug $open") >out 2>err
has 'step 400000'
(cd "$mutants/hostile" && eval "'$droste' $again") >out 2>err
[ $? = 124 ]
ok "'droste $again' does not stop at the budget"
has 'breakpoint [0-9]*' err

# A neighbour that the rubric names is named to check as a second guest.
echo '{ "points": { "isolation": 1 }, "guests": [ { "name": "hostile-wait", "properties": ["isolation"], "beside": ["echo"] } ] }' >beside.json
gives 1 --monitor "$mutants/armed-by-anyone.elf" --rubric beside.json
command=$(sed -n 's/^ *again  *droste//p' out)
(cd "$mutants" && eval "'$droste' $command") >out 2>err
[ $? = 1 ] && grep -q 'beside echo' out
ok "'droste $command' does not show the neighbour's fault"
gives 0 --monitor "$good" --rubric beside.json
sed 's/"isolation": 1/"control": 1/; s/\["isolation"\]/["control"]/' beside.json >for-nothing.json
refuses '"beside" is for isolation' --monitor "$good" --rubric for-nothing.json
sed 's/"echo"/"nobody"/' beside.json >no-neighbour.json
refuses "'nobody' is not of the standard set" --monitor "$good" --rubric no-neighbour.json

# ---- formats, each by its reader's own rules ----------------------------------

gives 1 --monitor "$mutants/bound-not-clamped.elf" --rubric rubric.json --out reports
[ "$(cd reports && find . -type f | sort | tr '\n' ' ')" = "./autolab.txt ./classroom50/result.json ./grade.json \
./gradescope/results.json ./junit.xml ./prairielearn/results.json ./report.html ./report.tap ./report.txt " ]
ok "the folder of reports is not whole"
python3 "$top/tests/grade_formats.py" reports >out 2>err
ok "a format breaks its reader's rules"
if command -v prove >/dev/null; then
	prove -e cat reports/report.tap >out 2>err
	grep -q 'Failed [0-9]*/' out && ! grep -i 'parse errors' out | grep -qv 'version 14'
	ok "prove does not take the TAP report"
fi
python3 "$top/tests/grade_schema.py" "$top/docs/rubric.schema.json" "$build/rubric.json" rubric.json beside.json random.json >out 2>err
ok "rubrics do not agree with their schema"
! python3 "$top/tests/grade_schema.py" "$top/docs/rubric.schema.json" extra.json >out 2>err
ok "the schema takes what droste refuses"

# The same again, bit for bit, wherever it is run.
mkdir elsewhere
(cd elsewhere && cp "$mutants/bound-not-clamped.elf" . && "$droste" grade --monitor bound-not-clamped.elf --rubric ../rubric.json --out again >/dev/null)
diff -r reports elsewhere/again >out
ok "the same submission has another report"

# What cannot be written is an error of ours, and nothing half-written stays.
gives 3 --monitor "$good" --rubric rubric.json --json /dev/full
has 'No space left' err
"$droste" grade --monitor "$good" --rubric rubric.json >/dev/full 2>err
[ $? = 3 ] && [ "$(cat err)" = 'droste: grade: cannot write to standard output: No space left on device' ]
ok "a report that cannot be printed"
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=16k none small 2>/dev/null; then
	gives 3 --monitor "$good" --rubric rubric.json --out small/reports
	[ ! -f small/reports/grade.json ]
	ok "a grade stands on a full disk"
	[ ! -s out ]
	ok "reports are announced that are not there"
	umount small
fi

# ---- hidden guests ------------------------------------------------------------

cp "$build/guests/sieve.elf" secretive.elf
cat >hidden.json <<-END
	{ "points": { "equivalence": 10 }, "guests": [ "hello", { "name": "secretive", "file": "secretive.elf", "hidden": true, "weight": 3 } ] }
END
gives 1 --monitor "$mutants/x31-lost.elf" --rubric hidden.json --out hidden
! grep -rqi 'secretive\|sieve' hidden
ok "a report tells of a hidden guest"
gives 1 --monitor "$mutants/x31-lost.elf" --rubric hidden.json --reveal
has 'secretive'

# A guest of the rubric's own is named to commands by its file.
cp "$mutants/x31-lost.elf" .
echo '{ "points": { "equivalence": 1 }, "guests": [ { "name": "own one", "file": "secretive.elf", "memory": 65536 } ] }' >own.json
gives 1 --monitor x31-lost.elf --rubric own.json
cp out said
command=$(sed -n 's/^ *again  *droste//p' said)
eval "'$droste' $command" >out 2>err
[ $? = 1 ] && grep -q "$(sed -n 's/^ *happened  *//p' said)" out
ok "'droste $command' does not show what failed"

# ---- a class ------------------------------------------------------------------

mkdir -p class/dora class/emil class/"F. <i>O'Neil" class/gina
cp "$good" class/anna.elf
cp "$mutants/x31-lost.elf" class/bert.elf
cp "$bad/babbles.elf" class/cleo.elf
cp "$good" class/dora/monitor.elf
cp "$mutants/bound-not-clamped.elf" class/"F. <i>O'Neil"/work.elf
cp "$good" class/gina/one.elf
cp "$good" class/gina/two.elf
: >class/hugo.elf
ln -s nowhere class/ivan.elf
mkfifo class/judy.elf
ln -s karl.elf class/karl.elf
printf '\357\273\277anna\r\nbert \t\r\n\r\nzora\r\n' >roster # as an editor of Windows leaves it
gives 1 --class class --out graded --rubric rubric.json --jobs 2 --roster roster
has 'zora: missing'
[ "$(sed -n 's/^"\([a-z]*\)",\([0-9.]*\),.*/\1=\2/p' graded/class.csv | tr '\n' ' ')" = \
	"anna=100.00 bert=$(jq -r '.points * 100 | round / 100' graded/bert/grade.json | xargs printf %.2f) cleo=0.00 dora=100.00 emil=0.00 gina=0.00 hugo=0.00 ivan=0.00 judy=0.00 karl=0.00 zora=0.00 " ]
ok "the class's points are not right"
has 'is empty' graded/class.csv
has 'no monitor.elf in the folder' graded/class.csv
has 'several ELF files' graded/class.csv
has '"judy".*not a regular file' graded/class.csv
has '"karl".*cannot be opened' graded/class.csv
has '&lt;i&gt;' graded/class.html
! grep -q '<i>' graded/class.html
ok "a name is taken for markup"
jq -e '.submissions | length == 12' graded/class.json >/dev/null
ok "class.json has not everybody"

# Graded once is graded; a changed submission is not.
stat -c %y graded/*/grade.json | sort >before
cp graded/class.csv first.csv
cp "$good" class/cleo.elf
gives 1 --class class --out graded --rubric rubric.json --roster roster
[ "$(stat -c %y graded/*/grade.json | sort | comm -23 before - | wc -l)" = 1 ]
ok "not exactly the changed submission was graded again"
grep -q '"cleo",100.00' graded/class.csv
ok "the changed submission has its old points"

# One by one, then merged, is the same.
for name in class/*; do
	name=$(basename "$name" .elf)
	"$droste" grade --class class --out apart --rubric rubric.json --one "$name" --exit-zero >/dev/null
done
gives 1 --merge --class class --out apart --roster roster
diff graded/class.csv apart/class.csv >out && diff graded/class.html apart/class.html >>out
ok "one by one is not the same as all at once"
gives 1 --merge --out apart
! grep -q 'different rubrics' err apart/class.html
ok "one rubric is taken for several"
"$droste" grade --class class --out apart --rubric hidden.json --one anna --exit-zero >/dev/null
gives 1 --merge --out apart
has 'graded by 2 different rubrics' err
has 'graded by 2 different rubrics' apart/class.html
sed -n '/What goes wrong/,$s|.*class="n">\([0-9]*\)</td></tr>|\1|p' apart/class.html >counts
[ "$(wc -l <counts)" -gt 1 ] && sort -rn counts | cmp -s - counts
ok "the most frequent faults are not the first: $(tr '\n' ' ' <counts)"
refuses 'no submission' --class class --out apart --one nobody
cp "$good" class/anna
refuses 'would both be' --class class --out graded
rm class/anna
refuses 'for one submission' --class class --out graded --json all.json
refuses "class's own folder" --class class --out class/../class

# ---- a class that means ill ----------------------------------------------------

# Names that are somebody else's file, option or markup, and one that is cut within a character; files that are
# none, or somebody else's, or without end; and every format's own words on the console.
echo '{ "points": { "equivalence": 10 }, "guests": [ "hello" ] }' >small.json
mkdir -p ill/pipe ill/leak ill/link ill/many
wrong=$mutants/x31-lost.elf long=x$(printf '\303\251%.0s' $(seq 80))
for name in class.csv --out '%s%n' "$(printf 'esc\033[2J')" "two
lines" '<td><script>' "$(printf 'not\377utf8')" "$long"; do
	cp "$wrong" "./ill/$name.elf"
done
mkfifo ill/pipe/build.log
ln -s /etc/passwd ill/leak/build.log
ln -s "$good" ill/link/monitor.elf
for n in 1 2 3; do cp "$wrong" ill/many/$n.elf; done
truncate -s 20G ill/endless.elf
cp "$build/mutants/hostile/forges.elf" ill
gives 1 --class ill --out ill/graded --rubric small.json --jobs 2
has 'class.csv: not graded: the name is that of a file'
[ "$(jq '.submissions | length' ill/graded/class.json)" = 14 ]
ok "not everybody is in class.json"
for name in pipe leak; do
	has 'no monitor.elf in the folder' "ill/graded/$name/report.txt"
done
! grep -rq 'root:' ill/graded
ok "a link was followed"
has 'is a link' ill/graded/link/report.txt
has 'several ELF files' ill/graded/many/report.txt
for reports in ill/graded/*/; do
	python3 "$top/tests/grade_formats.py" "./$reports" >out 2>err
	ok "a format of $reports breaks its reader's rules"
done
[ "$(tail -n 1 ill/graded/forges/autolab.txt)" = '{"scores":{"equivalence":0.0}}' ] && grep -q '100 of 100' ill/graded/forges/report.txt
ok "a forged result counts"
! grep -rl --include=*.html --include=*.xml '<script' ill/graded
ok "a name or an output is taken for markup"
refuses 'rename the submission' --class ill --out ill/graded --one class.csv
# The second time there is one more folder below it, which is no submission, and nothing is graded again.
stat -c %y ill/graded/*/grade.json | sort >before
gives 1 --class ill --out ill/graded --rubric small.json
stat -c %y ill/graded/*/grade.json | sort | cmp -s - before
ok "what was graded was graded again"
# Progress, on a terminal that can go back in a line and on one that cannot: no name moves its cursor.
for term in xterm dumb; do
	TERM=$term python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$droste" grade --class ill --out ill/graded --rubric small.json </dev/null >out 2>err
	has '13 of 13 graded, last '
	[ "$(tr -cd '\033' <out | wc -c)" = "$([ $term = dumb ] && echo 0 || echo 14)" ]
	ok "progress on a terminal of kind $term"
done
# Why there is nothing to grade is told anew.
rm ill/many/[23].elf ill/pipe/build.log
echo 'boot.c:3: error: that is no C' >ill/pipe/build.log
gives 1 --class ill --out ill/graded --rubric small.json
has 'it was not built: boot.c:3' ill/graded/pipe/report.txt
[ "$(stat -c %y ill/graded/*/grade.json | sort | comm -23 - before | wc -l)" = 2 ]
ok "not exactly what changed was graded again"

# ---- cut off ------------------------------------------------------------------

# The standard rubric takes long enough.
for signal in TERM INT; do
	rm -rf cut
	"$droste" grade --monitor "$good" --out cut >out 2>err </dev/null &
	pid=$!
	sleep 0.3
	kill -$signal $pid
	wait $pid
	[ $? = 3 ] && jq -e .cut_off cut/grade.json >/dev/null && grep -q 'Grading was cut off' cut/report.html &&
		grep -q 'CUT OFF' cut/report.txt
	ok "grading cut off by $signal leaves no marked report"
done

report
