#!/bin/sh
# The lines of code of each form: those of the files in .sources of cli/forms.def that hold more than
# blanks and comment, as a table in C.  Called by make, from the top folder.

echo '#include "cli/forms.h"'
echo 'const struct form_lines forms_lines[] = {'
parts=$(sed -n 's/^#define MONITOR_PARTS "\(.*\)"/\1/p' cli/forms.def)
sed -n "s|\" MONITOR_PARTS|$parts\"|
        s/^FORM(\([a-z0-9]*\),.*/name \1/p
        s/.*\.sources = \"\([^\"]*\)\".*/sources \1/p" cli/forms.def |
	while read -r what rest; do
		case $what in
		name) name=$rest ;;
		# The patterns are for the shell.
		sources) awk -v name="$name" '
			{ code = ""
			  for (rest = $0; rest != ""; rest = substr(rest, at + 2)) {
				at = index(rest, comment ? "*/" : "/*")
				if (!comment) code = code (at ? substr(rest, 1, at - 1) : rest)
				if (!at) break
				comment = !comment
			  }
			  sub("//.*", "", code); sub("^[ \t]*#([ \t].*)?$", "", code)
			  n += code ~ /[^ \t]/ }
			END { printf "\t{ \"%s\", %d },\n", name, n }' $rest ;;
		esac
	done
echo '	{ NULL, 0 },'
echo '};'
