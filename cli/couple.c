/* The option --couple: which console lines of the images are wired to each other.  Called by
 * plan.c, once it knows the images' names and lines.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

bool wish_couple(struct wish *wish, const char *value)
{
	if (wish->couples == DIRECTORY_ENTRIES)
		return complain("--couple '%s': a monitor couples at most %d pairs of lines", value, DIRECTORY_ENTRIES) == 0;
	wish->couple[wish->couples++] = value;
	return true;
}

static bool malformed(const char *value)
{
	return complain("--couple '%s': give two images' lines, 0 to %d, such as ping:1,pong:1", value, LINES_MOST - 1) == 0;
}

/* The image of that name or, failing this, of that number; n: none. */
static unsigned find_image(const struct vm_plan *vms, unsigned n, const char *name)
{
	uint64_t number;
	for (unsigned i = 0; i < n; i++)
		if (strcmp(vms[i].name, name) == 0)
			return i;
	return option_number(name, n, &number) && number > 0 ? (unsigned)number - 1 : n;
}

static bool complain_of_image(const char *name, const struct vm_plan *vms, unsigned n)
{
	fprintf(stderr, "droste: --couple: no image '%s': there are", name);
	for (unsigned i = 0; i < n; i++)
		fprintf(stderr, " %s", vms[i].name);
	fputc('\n', stderr);
	return false;
}

/* What a user has not said of lines follows from what is to be coupled; but a monitor would
 * not know what to do with more. */
static bool need_line(struct vm_plan *vm, unsigned line, bool lines_said)
{
	if (line >= vm->lines && !lines_said && !disk_hosts(&vm->disk))
		vm->lines = line + 1;
	return line < vm->lines || complain("--couple: %s has no console line %u, but lines 0 to %u: pack or run it with more "
	                                    "--lines", vm->name, line, vm->lines - 1) == 0;
}

/* One end, NAME:LINE; the name may have colons itself. */
static bool read_end(uint8_t *number, uint8_t *line, char *text, struct vm_plan *vms, const struct wish *wish,
                     const char *value)
{
	char *colon = strrchr(text, ':');
	uint64_t given;
	if (!colon || !option_number(colon + 1, LINES_MOST - 1, &given))
		return malformed(value);
	*colon = '\0';
	unsigned i = find_image(vms, wish->images, text);
	if (i == wish->images)
		return complain_of_image(text, vms, wish->images);
	*number = (uint8_t)(i + 1);
	*line = (uint8_t)given;
	return need_line(&vms[i], (unsigned)given, wish->lines > 0);
}

static bool has_end(const struct coupling *c, uint8_t number, uint8_t line)
{
	return (c->first == number && c->first_line == line) || (c->second == number && c->second_line == line);
}

/* Each line of couplings[n] for the first time. */
static bool apart(const struct coupling *couplings, unsigned n, const char *value)
{
	const struct coupling *c = &couplings[n];
	bool twice = c->first == c->second && c->first_line == c->second_line;
	for (unsigned i = 0; i < n; i++)
		twice |= has_end(&couplings[i], c->first, c->first_line) || has_end(&couplings[i], c->second, c->second_line);
	return !twice || complain("--couple '%s': a line can be coupled once, and not with itself", value) == 0;
}

bool couple_read(struct coupling couplings[DIRECTORY_ENTRIES], const struct wish *wish, struct vm_plan *vms)
{
	for (unsigned i = 0; i < wish->couples; i++) {
		struct coupling *c = &couplings[i];
		char text[128];
		const char *value = wish->couple[i];
		snprintf(text, sizeof(text), "%s", value);
		char *comma = strchr(text, ',');
		if (!comma || strlen(value) >= sizeof(text))
			return malformed(value);
		*comma = '\0';
		if (!read_end(&c->first, &c->first_line, text, vms, wish, value) ||
		    !read_end(&c->second, &c->second_line, comma + 1, vms, wish, value) ||
		    !apart(couplings, i, value))
			return false;
	}
	return true;
}
