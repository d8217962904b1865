#!/bin/sh
# docs/kill-matrix.md is of today: it names the mutants and correct monitors that there are,
# with what each breaks and does, says that each was caught, or passed, and of the monitors given a
# row comes out the same again; and so does what two guests show.  current.sh BUILD MUTANT...;
# called by tests/check.sh.

build=$(realpath "$1")
shift
matrix=docs/kill-matrix.md
export DROSTE_LIB="$build"
work=$(mktemp -d /tmp/droste-matrix-XXXXXX)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# ok WHAT: counts the command before it.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "kill matrix: $*: run 'make mutants'"
	fi
}

# cell NAME COLUMN: of the row of a mutant; columns are breaks, then the properties by name.
cell() { grep "^| \`$1\` |" $matrix | cut -d '|' -f $(($2 + 2)) | xargs; }

for patch in tests/mutants/*.patch tests/mutants/rare/*.patch tests/mutants/assisted/*.patch tests/mutants/correct/*.patch; do
	name=$(basename "$patch" .patch)
	breaks=$(sed -n 's/^breaks: //p' "$patch")
	grep -q "^| \`$name\` |" $matrix && [ "$(cell "$name" 1)" = "$breaks" ]
	ok "$name, which breaks '$breaks', is not in it"
	says=$(sed '/^---/,$d' "$patch" | tr -s '\n ' ' ' | sed -E 's/.*(fault|unusual): //; s/ $//')
	[ "$(sed -n "s/^\* \`$name\`: //p" $matrix)" = "$says" ]
	ok "what $name does is said otherwise"
done
[ "$(grep -c '^| `' $matrix)" = "$(find tests/mutants tests/mutants/rare tests/mutants/assisted tests/mutants/correct -maxdepth 1 -name '*.patch' | sort -u | wc -l)" ]
ok 'it has rows for what is no mutant any more'
! grep -q '\*\*' $matrix
ok 'something was missed'

# The first guest at which it is caught, and after how many steps.
for name; do
	row=$(cell "$name" 4)
	guest=${row%% *} steps=${row##*@}
	"$build/droste" check equivalence --monitor "$build/mutants/$name.elf" --guest "$guest" --json "$work/found" >"$work/out" 2>&1
	[ $? = 1 ] && grep -q "\"steps\": $steps," "$work/found"
	ok "$name is caught by $guest after other than $steps steps"
done

# Two guests beside each other fail again by the command that is printed.
"$build/droste" check isolation --monitor "$build/mutants/rare/end-disarms-next.elf" >"$work/said" 2>&1
[ $? = 1 ] && grep -q '^  again: .* --guest .* --beside ' "$work/said" &&
	sh -c "$(sed -n "s|^  again: droste|'$build/droste'|p" "$work/said")" >"$work/again" 2>&1
[ $? = 1 ] && [ -s "$work/again" ] && [ "$(sed -n 1,2p "$work/again")" = "$(sed -n 1,2p "$work/said")" ]
ok "what 'again' says does not show what a pair of guests showed"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
