#!/bin/sh
# The tasks of rubrics (properties/task.h) as students and lecturers see them: answers right, wrong, misspelt and
# hostile; profiles; guests; what a rubric can get wrong; all formats; a class.  tasks.sh DROSTE BUILD; called by make.

. "$(dirname "$0")/grade_common.sh"

has() {
	grep -qF -- "$1" "${2:-out}"
	ok "no '$1' in ${2:-out}"
}

# test_of NAME: "state points" of a test of the last report in JSON.
test_of() { jq -r ".tests[] | select(.task == \"$1\") | \"\(.state) \(.points)\"" report.json; }

# earns NAME 'STATE POINTS'
earns() {
	[ "$(test_of "$1")" = "$2" ]
	ok "$1 is '$(test_of "$1")', not '$2'"
}

says() {
	jq -r ".tests[] | select(.task == \"$1\") | .lesson.what" report.json >said
	has "$2" said
}

cat >rubric.json <<'END'
{ "title": "Tasks", "parts": { "numbers": "What is measured.", "words": "What is known.", "things": "What is made." },
 "tasks": [
  { "name": "exits", "part": "numbers", "points": 4, "ask": "exits of level 0", "read": "README.md, step 3",
    "answer": { "measure": { "of": "exits", "guest": "hello", "depth": 2, "cause": "privileged" }, "near": 30,
      "mistakes": [ { "measure": { "of": "exits", "guest": "hello", "depth": 2, "cause": "privileged", "level": 1 }, "say": "that is level 1" } ] } },
  { "name": "ratio", "part": "numbers", "points": 4, "answer": { "measure": { "of": "exits-per-instruction", "guest": "traps", "depth": 2 } } },
  { "name": "clock", "part": "numbers", "points": 2, "hidden": true, "answer": { "measure": { "of": "clock", "guest": "hello" } } },
  { "name": "end", "part": "words", "points": 1, "answer": { "measure": { "of": "end", "guest": "hostile-storm" } } },
  { "name": "rdst", "part": "words", "points": 2, "answer": { "classify": { "of": "is-privileged", "instruction": "rdst", "profile": "x86" } } },
  { "name": "breakers", "part": "words", "points": 3, "answer": { "classify": { "of": "breaks-theorem-1", "profile": "x86" } } },
  { "name": "sealed", "part": "words", "points": 2, "answer": { "SEAL": 0, "words": ["jail", "zone", "system calls"] } },
  { "name": "fails-1", "part": "things", "points": 3, "profile": { "file": "mine.profile", "theorem": "theorem-1", "holds": false } },
  { "name": "holds-3", "part": "things", "points": 3, "profile": { "file": "mine.profile", "theorem": "theorem-3", "holds": true, "unlike-shipped": true } },
  { "name": "tells", "part": "things", "points": 5,
    "guest": { "file": "tell.elf", "a": { "depth": 0, "profile": "x86", "limit": 9000000 }, "b": { "depth": 1, "profile": "x86", "limit": 9000000 }, "expect": "differ" } },
  { "name": "blind", "part": "things", "points": 5, "needs": "tells", "guest": { "file": "tell.elf", "a": { "limit": 9000000 }, "b": { "depth": 1, "limit": 9000000 }, "expect": "same" } }
 ] }
END
seal=$("$droste" grade --seal 'sealed=system calls')
[ "$("$droste" grade --seal 'sealed=system calls')" != "$seal" ]
ok "two seals of an answer are the same"
sed -i "s/\"SEAL\": 0/$seal/" rubric.json
python3 "$top/tests/grade_schema.py" "$top/docs/rubric.schema.json" rubric.json >out 2>err
ok "the rubric does not fit its schema"

# ---- all right ----------------------------------------------------------------

cat >tell.c <<'END'
#include "droste.h"

int main(void)
{
	print(rdst() & STATUS_M ? "virtual\n" : "bare\n");
	return 0;
}
END
"$droste" cc -O2 -nostdlib "$build/guests/lib/start.o" tell.c -ldroste-guest -lgcc -o tell.elf >out 2>&1
ok "the guest does not build"
mkdir good
cp tell.elf good
printf 'name mine\nretu execute\nwait ignore\n' >good/mine.profile
real=$("$droste" run --depth 2 --stats hello 2>&1 >/dev/null | sed -n 's/^ *0 .*privileged \([0-9]*\).*/\1/p')
inner=$("$droste" run --depth 2 --stats hello 2>&1 >/dev/null | sed -n 's/^ *1 .*privileged \([0-9]*\).*/\1/p')
clock=$("$droste" run --stats hello 2>&1 >/dev/null | sed -n 's/.*clock \([0-9]*\):.*/\1/p')
cat >good/answers.txt <<END
# all of them
exits = $real     # measured
 ratio=2.00
clock = $clock
end = Check-Stop
rdst = NO
breakers = lra, rdst   spsw
sealed = System Calls
END
gives 0 --submission good --rubric rubric.json --json report.json
has 'in all        34.00 of  34.00'
! grep -q '"clock"' report.json
ok "the report names a hidden task"
only() { jq "[.tasks[] | select($2)] as \$t | .tasks = \$t" rubric.json >"$1.json"; }
only numbers '.part == "numbers"'
only profiles .profile
only guests .guest
gives 0 --submission good --rubric numbers.json --reveal --json report.json
has 'hidden guests are shown'
grep -q '"clock"' report.json
ok "what is hidden is not revealed"

# ---- wrong, each in its way ------------------------------------------------------

mkdir bad
cp "$build/guests/hello.elf" bad/tell.elf
printf 'name mine\nretu execute\n' >bad/mine.profile
cat >bad/answers.txt <<END
exits = $inner
exits = 7
ratoi = 2
clock 12
end = halt ]]> <b> "
rdst = perhaps
breakers = lra lra halt
sealed = zone
END
gives 1 --submission bad --rubric rubric.json --json report.json
earns exits 'failed 0'
says exits "$inner is not so: that is level 1"
earns ratio 'failed 0'
says ratio "line 3 has 'ratoi'"
earns rdst 'failed 0'
says rdst "'perhaps' is not one of: yes, no, partly"
earns breakers 'failed 0'
says breakers '1 of them is right, 2 are missing, 1 too many: halt'
earns sealed 'failed 0'
earns fails-1 'passed 3'
says holds-3 'it is the same machine as pdp10'
says tells 'it does the same'
says blind "it counts once 'tells' is passed"
jq -e '.tests[] | select(.task == "exits") | .lesson | .read == "README.md, step 3" and .again == "droste run --stats --depth 2 hello" and .part == "answers.txt:1:9"' \
	report.json >/dev/null
ok "where to read, what to run or the place is not as it should be"

# Near is worth half; a set is worth what is right in it; a bad line tells its place.
sed "s/^exits = .*/exits = $((real * 5 / 4))/; s/^breakers.*/breakers = lra rdst/; s/^ ratio.*/ratio 2.00/" <good/answers.txt >bad/answers.txt
gives 1 --submission bad --rubric rubric.json --json report.json
earns exits 'partly 2'
earns breakers 'partly 2'
says ratio "there is no line 'ratio = ...'; answers.txt:3:7: '=' is missing"
for number in 0x 1.2345 1e3 -4 4k 99999999999999999999 "4 0"; do
	echo "exits = $number" >bad/answers.txt
	gives 1 --submission bad --rubric numbers.json --json report.json
	says exits "'$number' is no number"
done

# What editors of other systems make of a file is read all the same.
printf '\357\273\277exits = %s\r\nratio = 2\r\n' "$real" >bad/answers.txt
gives 1 --submission bad --rubric numbers.json --json report.json
earns exits 'passed 4'
earns ratio 'passed 4'

# A question left open may be answered below; of two answers the first counts.
printf 'exits =\nratio = 2\nexits = %s\nratio = 3\n' "$real" >bad/answers.txt
gives 1 --submission bad --rubric numbers.json --json report.json
earns exits 'passed 4'
earns ratio 'passed 4'

# Verdicts and guests.
printf 'name mine\nlra execute\n' >bad/mine.profile
gives 1 --submission bad --rubric profiles.json --json report.json
says holds-3 'theorem-3 fails for it by the letter, and is to hold: lra'
printf 'name mine\nwait ignore\n' >bad/mine.profile
gives 1 --submission bad --rubric profiles.json --json report.json
jq -e '.tests[] | select(.task == "fails-1") | .lesson.fault == "another verdict" or .state == "passed"' report.json >/dev/null
ok "fails-1 says nothing of the verdict"
printf 'name mine\nlra explode\n' >bad/mine.profile
gives 1 --submission bad --rubric profiles.json --json report.json
says fails-1 "mine.profile:2:5: user mode cannot 'explode'"
printf '.globl _start\n_start: j _start\n' >loops.S
"$droste" cc -nostdlib loops.S -o loops.elf
for guest in "$build/guests/hostile-storm.elf:it ends in check-stop" loops.elf:'it does not end' \
	"$build/guests/hostile-wait.elf:it ends in disabled wait"; do
	cp "${guest%%:*}" bad/tell.elf
	gives 1 --submission bad --rubric guests.json --json report.json
	says tells "${guest#*:}"
done
head -c 100 tell.elf >bad/tell.elf
gives 1 --submission bad --rubric guests.json --json report.json
says tells 'tell.elf'

# ---- hostile --------------------------------------------------------------------

mkdir hostile
echo 'root = secret' >secret
ln -s ../secret hostile/answers.txt
mkfifo hostile/mine.profile
mkdir hostile/tell.elf
gives 1 --submission hostile --rubric rubric.json --json report.json
says exits 'answers.txt is a link'
says fails-1 'mine.profile is not a regular file'
says tells 'tell.elf is not a regular file'
! grep -q secret report.json
ok "a link was followed"
rm hostile/answers.txt
printf 'exits = \033[31m</pre><script>alert(1)</script>\n\000\377\n= = =\n' >hostile/answers.txt
gives 1 --submission hostile --rubric rubric.json --out reports
! grep -q '<script>' reports/report.html && ! grep -q "$(printf '\033')" reports/report.txt
ok "what a student wrote reaches a report as it is"
python3 "$top/tests/grade_formats.py" reports >out 2>err
ok "a format breaks its reader's rules"
head -c 100000 /dev/zero | tr '\0' 'a' >hostile/answers.txt
gives 1 --submission hostile --rubric rubric.json --json report.json
says exits 'answers.txt has more than 65536 bytes'
rm hostile/answers.txt
gives 1 --submission hostile --rubric rubric.json --json report.json
says exits 'answers.txt is not there'
# Explained once, in the formats that show each test by itself, too.
gives 1 --submission hostile --rubric rubric.json -f gradescope
jq -e '[.tests[].output | select(contains("answers.txt is not there"))] | length > 1 and (.[0] | contains("\ncorrect ")) and
	all(.[1:][]; . == "happened    answers.txt is not there, as for exits\n")' out >/dev/null
ok "a missing file is explained for each task"
for name in answer.txt answers Answers.txt answers.txt.txt; do
	echo 'exits = 3' >hostile/$name
	gives 1 --submission hostile --rubric rubric.json --json report.json
	says exits "answers.txt is not there; there is '$name': is it that?"
	rm hostile/$name
done
echo 'exits = 3' >hostile/answers.txt~
mkdir hostile/answers
gives 1 --submission hostile --rubric rubric.json --json report.json
says exits 'answers.txt is not there'
! grep -q 'is it that' report.json
ok "what is no answers.txt was offered for it"
rm -r hostile/answers*

# ---- rubrics that are wrong -------------------------------------------------------

# refuses WORD TASK: a rubric of this one task.
refuses() {
	echo "{ \"parts\": { \"a\": \"All.\" }, \"tasks\": [ $2 ] }" >wrong.json
	gives 2 --submission good --rubric wrong.json
	[ "$(wc -l <err)" = 1 ] && grep -qF -- "$1" err
	ok "not refused with '$1': $2"
}
task='"name": "t", "part": "a", "points": 1'
refuses 'needs "name"' '{ "name": "t" }'
refuses 'one of the rubric' '{ "name": "t", "part": "b" }'
refuses 'no key "extra"' "{ $task, \"extra\": 1 }"
refuses 'letters, digits' '{ "name": "a b", "part": "a", "points": 1 }'
refuses 'not two' "{ $task, \"answer\": { \"classify\": { \"of\": \"theorem-1\" } }, \"profile\": { \"file\": \"x\", \"theorem\": \"dx\" } }"
refuses 'no level 3 at depth 1' "{ $task, \"answer\": { \"measure\": { \"of\": \"exits\", \"guest\": \"hello\", \"depth\": 1, \"level\": 3 } } }"
refuses 'that a run tells' "{ $task, \"answer\": { \"measure\": { \"of\": \"dx\", \"guest\": \"hello\" } } }"
refuses 'nobody' "{ $task, \"answer\": { \"measure\": { \"of\": \"exits\", \"guest\": \"nobody\" } } }"
refuses 'of an "instruction"' "{ $task, \"answer\": { \"classify\": { \"of\": \"is-privileged\" } } }"
refuses 'without a /' "{ $task, \"profile\": { \"file\": \"../x\", \"theorem\": \"dx\" } }"
refuses 'before this one' "{ $task, \"needs\": \"u\", \"profile\": { \"file\": \"x\", \"theorem\": \"dx\" } }"
refuses '16 hexadecimal digits' "{ $task, \"answer\": { \"sealed\": { \"salt\": \"x\", \"hash\": [\"12\"] } } }"
gives 2 --seal nothing
has 'NAME=ANSWER' err

# ---- another monitor, input, and what a monitor does not hold ---------------------

mkdir given
cp good/answers.txt right.txt
cp "$build/monitors/interpreting.elf" given
echo 42 >given/number.txt
cat >given/rubric.json <<'END'
{ "parts": { "a": "All." }, "tasks": [
  { "name": "bare", "part": "a", "points": 1, "answer": { "measure": { "of": "instructions", "guest": "echo", "input": "number.txt" } } },
  { "name": "fails", "part": "a", "points": 1, "answer": { "measure": { "of": "fails-properties", "guest": "hello", "depth": 1, "monitor": "interpreting.elf" } } },
  { "name": "none", "part": "a", "points": 1, "answer": { "measure": { "of": "fails-properties", "guest": "hello", "depth": 1 } } },
  { "name": "direct", "part": "a", "points": 1, "answer": { "measure": { "of": "own-instructions", "guest": "hello", "depth": 1, "level": 1, "monitor": "interpreting.elf" } } },
  { "name": "to", "part": "a", "points": 1, "answer": { "classify": { "of": "sensitive-to", "instruction": "spsw" } } } ] }
END
count=$("$droste" run --stats --eof --input given/number.txt echo 2>&1 >/dev/null | sed -n 's/.*: \([0-9]*\) instructions.*/\1/p')
printf 'bare = %s\nfails = Efficiency\nnone = none\ndirect = 0\nto = location, mode\n' "$count" >good/answers.txt
gives 0 --submission good --rubric given/rubric.json
printf 'none = control\nto = none\nfails = none\n' >good/answers.txt
gives 1 --submission good --rubric given/rubric.json --json report.json
says none '0 of them are right, 0 are missing, 1 too many: control'
says fails '0 of them are right, 1 is missing, 0 too many'
rm given/number.txt
gives 2 --submission good --rubric given/rubric.json
has 'number.txt' err
cp right.txt good/answers.txt

# ---- a class, and a monitor beside tasks --------------------------------------------

# Without what the classifier is asked: it takes its time.
jq 'del(.tasks[] | select(.answer.classify))' rubric.json >class.json
mkdir -p class/anna class/bert class/cleo
cp good/* class/anna
cp good/* class/bert
echo >class/bert/answers.txt
gives 1 --class class --out graded --rubric class.json --jobs 2
[ "$(cut -d, -f1,2 graded/class.csv | tr '\r\n' '  ')" = 'name,points "anna",29.00 "bert",16.00 "cleo",0.00 ' ] &&
	head -n 1 graded/class.csv | grep -q '^name,points,of,numbers,words,things,state'
ok "the class's points are not right: $(cat graded/class.csv)"
stat -c %y graded/*/grade.json | sort >before
echo 'end = check-stop' >class/bert/answers.txt
gives 1 --class class --out graded --rubric class.json
[ "$(stat -c %y graded/*/grade.json | sort | comm -13 before - | wc -l)" = 1 ] && grep -q '"bert",17.00' graded/class.csv
ok "a changed answer is not graded again, or others are"

jq '. + { points: { equivalence: 10 }, guests: [ "hello" ] }' class.json >both.json
cp "$build/monitor.elf" good
gives 0 --submission good --rubric both.json
has 'in all        39.00 of  39.00'
rm good/monitor.elf
gives 1 --submission good --rubric both.json
has 'in all        29.00 of  39.00'

report
