#!/bin/sh
# Which monitor is equivalent and efficient on which profile, as a table in Markdown: 'holds', or
# the guest that shows the contrary.  verdicts.sh BUILD; called by make docs-monitors.

build=$1
guests='boot-ecall clock disk echo unmodified paravirtual selfmodify makes-code reads-code'
monitors='monitor monitors/hybrid monitors/interpreting monitors/stepping monitors/patching'
profiles=$("$build/droste" classify --all | sed -n 's/^| `\([a-z0-9]*\)`.*/\1/p')
for guest in $guests; do
	options="$options --guest $build/guests/$guest.elf"
done

# verdict PROPERTY MONITOR PROFILE
verdict() {
	"$build/droste" check "$1" --monitor "$build/$2.elf" --profile "$3" $options --random 20 |
		awk -v property="$1" '$1 == property { verdict = $2 } $1 == "guest" && !guest { sub(/^ *guest /, ""); sub(/, at.*/, ""); guest = $0 }
		     END { printf " %s |", verdict == "FAILS" ? guest : verdict }'
}

echo '| profile | property | reference | hybrid | interpreting | stepping | patching |'
echo '| --- | --- | --- | --- | --- | --- | --- |'
for profile in $profiles; do
	for property in equivalence efficiency; do
		printf '| `%s` | %s |' "$profile" $property
		for monitor in $monitors; do
			verdict $property "$monitor" "$profile"
		done
		echo
	done
done
