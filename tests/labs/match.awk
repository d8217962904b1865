# Whether a text is as expected: awk -f match.awk EXPECTED ACTUAL.  A line "..." of EXPECTED
# stands for any lines, "..." within a line for any text.  Exits with 1, and says where, if not.

function piecewise(pattern, text,    n, parts, i, at) {
	n = split(pattern, parts, /\.\.\./)
	if (n == 1)
		return pattern == text
	if (substr(text, 1, length(parts[1])) != parts[1])
		return 0
	text = substr(text, length(parts[1]) + 1)
	for (i = 2; i < n; i++) {
		at = index(text, parts[i])
		if (!at)
			return 0
		text = substr(text, at + length(parts[i]))
	}
	return length(text) >= length(parts[n]) && substr(text, length(text) - length(parts[n]) + 1) == parts[n]
}

FNR == 1 { file++ }
file == 1 && FILENAME == ARGV[1] { wanted[++wants] = $0; next }
{ has[++lines] = $0 }

END {
	for (w = 1; w <= wants; w++) {
		if (wanted[w] == "...") {
			skipping = 1
			continue
		}
		do
			found = ++l <= lines && piecewise(wanted[w], has[l])
		while (!found && skipping && l < lines)
		if (!found) {
			print "  expected: " wanted[w]
			print "  printed:  " (l <= lines ? has[l] : "(nothing more)")
			exit 1
		}
		skipping = 0
	}
	if (l < lines && !skipping) {
		print "  printed, and not expected: " has[l + 1]
		exit 1
	}
}
