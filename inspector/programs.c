/* Which program runs in which machine.  Called by the commands and by whoever shows
 * symbols.  What a VM table says of names is a hint: a program is looked for among those
 * of the host's own directory.
 */

#include <string.h>

#include "commands.h"

static bool named(const struct program_at *program, const struct level *level)
{
	return strncmp(program->vm, level->entry.name, NAME_BYTES) == 0;
}

/* The VM with the level's name among those of a host, else the one in its place. */
static int program_in(const struct inspector *inspector, int host, const struct level *level)
{
	int in_place = -1;
	unsigned before = 0;
	for (unsigned i = 0; i < inspector->programs; i++) {
		const struct program_at *program = &inspector->program[i];
		if (program->host != host)
			continue;
		if (named(program, level))
			return (int)i;
		if (before++ == level->vm)
			in_place = (int)i;
	}
	return in_place;
}

int inspector_program(const struct inspector *inspector, unsigned level)
{
	unsigned n;
	const struct level *levels = session_levels(inspector->session, &n);
	if (level >= n) /* not there yet: levels are numbered as programs are */
		return level < inspector->programs ? (int)level : -1;
	if (inspector->programs == 0)
		return -1;
	if (levels[level].parent < 0)
		return 0;
	int host = inspector_program(inspector, (unsigned)levels[level].parent);
	return host < 0 ? -1 : program_in(inspector, host, &levels[level]);
}

const struct symbols *inspector_symbols(const struct inspector *inspector, unsigned level)
{
	int i = inspector_program(inspector, level);
	return i < 0 ? NULL : inspector->program[i].symbols;
}
