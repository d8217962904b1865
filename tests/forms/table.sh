#!/bin/sh
# droste forms from outside: what it says of some forms, beside what droste run counts; its options and
# errors; that the page in docs/ has all the rows there are.  table.sh BUILD; called by make
# test-forms.

build=$1 folder=$1/forms droste=$1/droste
name=forms
. tests/forms/ok.sh

# instructions OPTION...: of the real machine, for a run.
instructions() {
	"$droste" run --json "$folder/run.json" "$@" >/dev/null && jq '.levels[0].instructions' "$folder/run.json"
}

"$droste" forms -q --json type1 process shim pascal baby >"$folder/forms.json"
ok 'five forms should do what they should'
jq -e 'map(.name) == ["type1", "process", "shim", "pascal", "baby"] and all(.equivalent and .same_at_depth_2 and .lines > 0)' "$folder/forms.json" >/dev/null
ok 'all are equivalent, at depth 2, too'
jq -e 'map(.efficient) == [true, true, true, false, false] and map(.control | . == "holds") == [true, true, true, true, true]' "$folder/forms.json" >/dev/null
ok 'control and efficiency'

# Pascal's cost, counted here.
for n in 500 1000; do
	echo $n >"$folder/n.$n"
	cat guests/forms/workloads/primes.pas "$folder/n.$n" >"$folder/pas.$n"
done
bare=$build/guests/forms/workloads/primes.elf pascal=$build/guests/forms/pascal.elf
b1=$(instructions --memory 1M -i "$folder/n.500" "$bare") b2=$(instructions --memory 1M -i "$folder/n.1000" "$bare")
p1=$(instructions --memory 1M -i "$folder/pas.500" "$pascal") p2=$(instructions --memory 1M -i "$folder/pas.1000" "$pascal")
jq -e --argjson cost "$(echo "$b1 $b2 $p1 $p2" | awk '{ print ($4 - $3) / ($2 - $1) }')" \
	'.[3].cost.primes / $cost | . > 0.999 and . < 1.001' "$folder/forms.json" >/dev/null
ok "the cost of Pascal should be as counted here: $b1 $b2 $p1 $p2"

# What is run there, hostile or not, is there: a program that is missing harms nobody.
grep -o '/\(vm\|usr\|bin\)/[a-z.-]*' cli/forms.def | grep -v '/$' | sort -u | sed 's|.*|wc & >/tmp/found|' >"$folder/paths.in"
echo exit >>"$folder/paths.in"
"$droste" run --spare 2048 -i "$folder/paths.in" "$build/guests/forms/workloads/os.elf" >"$folder/paths"
[ "$(grep -c '^. wc /' "$folder/paths")" -gt 8 ] && ! grep -v '^\$' "$folder/paths" | sed 1,2d | grep .
ok 'a program that droste forms runs is not on the disk'

"$droste" forms --list >"$folder/list"
ok '--list'
sed -n 's/^\([a-z0-9]*\): .*/\1/p' "$folder/list" >"$folder/names"
sed -n 's/^| `\([a-z0-9]*\)` |.*yes.*/\1/p' docs/forms.md | diff "$folder/names" -
ok 'docs/forms.md should have a row for each form: make docs-forms'
"$droste" forms -q --markdown baby | grep -c '^| `baby`' | grep -qx 2
ok '--markdown'
"$droste" forms nothing 2>"$folder/err"
[ $? = 125 ] && grep -q "no form 'nothing': there are type1" "$folder/err"
ok 'an unknown form'
DROSTE_LIB=/nonexistent "$droste" forms -q baby 2>"$folder/err" >/dev/null
[ $? = 125 ] && grep -q 'there is no guests/forms' "$folder/err"
ok 'a form that is not installed'

report
