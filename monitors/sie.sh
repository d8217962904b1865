#!/bin/sh
# What SIE saves: exits of level 0 and instructions in all, by depth, of the reference monitor
# and of the assisted one on the same guests, as a table in Markdown.  sie.sh BUILD; called by
# make docs-sie.

build=$1
guests='marathon timer preempt disk'

# rows MONITOR GUEST: depth, exits, exits for each privileged instruction, for each SIO, cost.
rows() {
	"$build/droste" nest --quiet --profile sie --monitor "$build/$1.elf" --depth 4 "$build/guests/$2.elf" |
		awk -v guest="$2" 'NF == 14 && $1 + 0 > 0 {
			if ($10 $11 $12 $13 $14 != "yesyesyesyesyes") { print guest " differs at depth " $1 >"/dev/stderr"; exit 1 }
			print guest, $1, $4, $5, $6, $8
			n++
		}
		END { exit n != 4 }'
}

echo '| guest | depth | exits | each | SIO | cost | with SIE: exits | each | SIO | cost |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |'
for guest in $guests; do
	without=$(rows monitor $guest) && with=$(rows monitors/assisted $guest) || exit 1
	printf '%s\n%s\n' "$without" "$with" | awk '
		{ row = $3 " | " $4 " | " $5 " | " $6 }
		seen[$2]++ { printf "| %s | %s | %s | %s |\n", $1, $2, first[$2], row; next }
		{ first[$2] = row }'
done
