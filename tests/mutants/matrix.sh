#!/bin/sh
# Prints the kill matrix of the verdicts in a folder, as Markdown; exits with 1 if a mutant
# was not caught by the property it breaks, or if a correct monitor was caught at all.
# Called by `make mutants`.

verdicts=$(realpath "$1")
cd "$(dirname "$0")" || exit 1
properties=$(cat "$verdicts"/*.verdict "$verdicts"/*/*.verdict | cut -f 1 | sort -u | xargs)

# The header of a patch, then its verdicts, in one stream for awk.
for patch in *.patch rare/*.patch assisted/*.patch correct/*.patch; do
	[ -f "$patch" ] || continue
	name=${patch%.patch}
	printf 'monitor\t%s\n' "$name"
	sed '/^---/,$d' "$patch" | awk '/^[a-z]+: / { if (n++) print line; line = $0; next } { sub(/^ +/, " "); line = line $0 } END { print line }' |
		sed 's/: /\t/; s/^/header\t/'
	sed 's/^/verdict\t/' "$verdicts/$name.verdict"
done | awk -F '\t' -v names="$properties" '
	BEGIN { properties = split(names, property, " ") }
	function finish(   i, row, verdict) {
		if (!name)
			return
		correct = class == "correct" || breaks == "nothing"
		row = ""
		for (i = 1; i <= properties; i++)
			row = row " | " cell[property[i]]
		if (class == "correct")
			verdict = caught ? "**WRONGLY CAUGHT**" : "passes"
		else if (breaks == "nothing")
			verdict = caught ? "**NOT EQUIVALENT**" : "equivalent"
		else
			verdict = cell[breaks] ~ /../ ? "caught" : "**MISSED**"
		bad += verdict ~ /\*/
		count[verdict]++
		rows[class] = rows[class] "| `" name "` | " breaks row " | " verdict " |\n"
		faults[class] = faults[class] "* `" name "`: " fault "\n"
		if (!(class in seen)) {
			seen[class] = 1
			classes[++n_classes] = class
		}
		split("", cell)
		caught = 0
	}
	$1 == "monitor" { finish(); name = $2; sub(/.*\//, "", name); breaks = ""; fault = "" }
	$1 == "header" && $2 == "class" { class = $3 }
	$1 == "header" && $2 == "breaks" { breaks = $3 }
	$1 == "header" && ($2 == "fault" || $2 == "unusual") { fault = $3 }
	$1 == "verdict" {
		cell[$2] = $3 == "FAILS" ? $4 : "-"
		caught += $3 == "FAILS"
	}
	END {
		finish()
		print "# The kill matrix\n"
		print "Printed by `make mutants`: monitors with one fault each, which property caught each of them, with"
		print "which guest, and after how many steps of that guest (instructions and traps). Each must be"
		print "caught by the property it breaks; a correct monitor by none. `-`: looked for, not found; empty: not"
		print "judged.\n"
		for (i = 1; i <= n_classes; i++) {
			printf "## %s\n\n| monitor | breaks", toupper(substr(classes[i], 1, 1)) substr(classes[i], 2)
			for (p = 1; p <= properties; p++)
				printf " | %s", property[p]
			printf " | verdict |\n| --- | ---"
			for (p = 1; p <= properties; p++)
				printf " | ---"
			printf " | --- |\n%s\n%s\n", rows[classes[i]], faults[classes[i]]
		}
		print "## In all\n"
		for (verdict in count)
			printf "* %s: %d\n", verdict, count[verdict] | "sort"
		close("sort")
		exit bad > 0
	}'
