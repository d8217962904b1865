# A file with some of its definitions replaced: awk -f overlay.awk BASE OVERLAY.
#
# So are the labs' starters and wrong solutions made of the reference monitor's own files
# (labs/README.md).  A definition of OVERLAY, with the comment before it, stands for the one of
# the same name in BASE; a bare prototype takes that one out; a new one goes before the next that
# has a place.  If OVERLAY opens with a comment, that replaces BASE's, unless it begins with
# "/* wrong:".  Its includes are added, each once.  With -v only='NAME ...' nothing else is replaced.

function fail(text) { print "overlay: " text > "/dev/stderr"; status = 1; exit 1 }

# Braces that open less those that close, outside of comments and texts.
function depth_of(line) {
	gsub(/"([^"\\]|\\.)*"/, "", line)
	gsub(/\/\*[^*]*\*\//, "", line)
	return gsub(/{/, "", line) - gsub(/}/, "", line)
}

# What a line at the left margin defines, or "".
function name_of(line) {
	if (line ~ /^[a-z_][a-z_0-9]*:/) {
		sub(/:.*/, "", line)
		return line
	}
	if (line !~ /^[A-Za-z].*[(=]/ || line ~ /^typedef/)
		return ""
	if (line ~ /^ROUTINE\(/) {
		sub(/^ROUTINE\(/, "", line)
		sub(/[,)].*/, "", line)
		return line
	}
	sub(/[ \t]*[(=\[].*/, "", line)
	sub(/.*[ \t*]/, "", line)
	return line
}

# Cuts a file into blocks: text[f, 1 ..], each with the name that it defines, or "".
function end_block(f) {
	if (block == "")
		return
	text[f, ++blocks[f]] = block
	names[f, blocks[f]] = name
	whole[f, blocks[f]] = body
	block = name = ""
	body = 0
}

function read_file(f, path,    line, depth, comment, assembly) {
	assembly = path ~ /\.S$/
	while ((getline line < path) > 0) {
		if (line ~ /^[ \t]*\/\*/ && line !~ /\*\//)
			comment = 1
		if (line == "" && depth == 0 && !comment) {
			end_block(f)
			text[f, ++blocks[f]] = "\n"
			continue
		}
		block = block line "\n"
		if (comment) {
			if (line ~ /\*\//)
				comment = 0
			continue
		}
		if (name == "" && depth == 0)
			name = name_of(line)
		if (!assembly) {
			depth += depth_of(line)
			if (line ~ /[{}]/)
				body = 1
			if (depth == 0 && (line ~ /}/ || (name != "" && line ~ /;$/)))
				end_block(f)
		} else {
			body = 1
		}
	}
	close(path)
	end_block(f)
	if (blocks[f] == 0)
		fail(path ": cannot be read, or is empty")
}

function wanted(name) { return only == "" || index(" " only " ", " " name " ") }

# Into put[name]; what BASE has not waits in ahead for the next that it has.
function read_overlay(path,    i, n, ahead) {
	for (i = 1; i <= blocks[2]; i++) {
		n = names[2, i]
		if (text[2, i] ~ /^#include/) {
			if (index(included, text[2, i]) == 0)
				includes = includes text[2, i]
		} else if (n != "" && wanted(n)) {
			if (n in base) {
				put[n] = whole[2, i] ? ahead text[2, i] : ahead
				gone[n] = !whole[2, i]
				ahead = ""
			} else {
				ahead = ahead text[2, i] "\n"
			}
		} else if (i == 1 && only == "" && text[2, 1] ~ /^\/\*/ && text[2, 1] !~ /^\/\* wrong:/) {
			head = text[2, 1]
		}
	}
	if (ahead != "")
		fail(path ": a definition that no definition of the file follows:\n" ahead)
}

BEGIN {
	if (ARGC != 3)
		fail("give BASE and OVERLAY")
	read_file(1, ARGV[1])
	read_file(2, ARGV[2])
	for (i = 1; i <= blocks[1]; i++) {
		if (text[1, i] ~ /^#include/)
			included = included text[1, i]
		if (names[1, i] != "" && whole[1, i])
			base[names[1, i]] = 1
	}
	read_overlay(ARGV[2])
	for (i = 1; i <= blocks[1]; i++) {
		n = names[1, i]
		if (i == 1 && head != "") {
			printf "%s", head
		} else if (n != "" && whole[1, i] && n in put) {
			printf "%s", put[n]
			if (gone[n] && text[1, i + 1] == "\n")
				i++
			replaced++
		} else {
			printf "%s", text[1, i]
		}
		if (includes != "" && text[1, i] ~ /^#include/) {
			printf "%s", includes
			includes = ""
		}
	}
	if (!replaced)
		fail(ARGV[2] ": replaces nothing")
	exit status
}
