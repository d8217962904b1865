/* Recordings of console input: what arrived, on which line, after how many steps
 * since reset.  With the same machine, a replay is the same run.  A text file:
 *
 *     droste-input 1 MACHINE
 *     STEPS LINE HEX     bytes arrived
 *     STEPS LINE end     no more will
 *
 * MACHINE says what it was recorded on.  Input that waited from reset has STEPS 0.
 * Called by console.c as input arrives, and by run.c.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define HEADER "droste-input 1 "

/* ---- recording ---------------------------------------------------------- */

struct recording {
	FILE *to;
};

struct recording *recording_new(const char *path, const char *machine, struct refusal *why)
{
	struct recording *recording = malloc(sizeof(*recording));
	if (recording && (recording->to = fopen(path, "we"))) {
		fprintf(recording->to, HEADER "%s\n", machine);
		return recording;
	}
	deny(why, "cannot write: %s", strerror(errno));
	free(recording);
	return NULL;
}

void recording_input(struct recording *recording, uint64_t steps, unsigned line, const uint8_t *bytes, size_t n)
{
	if (!recording || n == 0)
		return;
	fprintf(recording->to, "%" PRIu64 " %u ", steps, line);
	for (size_t i = 0; i < n; i++)
		fprintf(recording->to, "%02x", bytes[i]);
	fputc('\n', recording->to);
	fflush(recording->to);
}

void recording_end(struct recording *recording, uint64_t steps, unsigned line)
{
	if (!recording)
		return;
	fprintf(recording->to, "%" PRIu64 " %u end\n", steps, line);
	fflush(recording->to);
}

bool recording_close(struct recording *recording, struct refusal *why)
{
	if (!recording)
		return true;
	bool good = !ferror(recording->to);
	good = fclose(recording->to) == 0 && good;
	free(recording);
	return good || deny(why, "cannot write: %s", strerror(errno));
}

/* ---- replaying ---------------------------------------------------------- */

struct replay {
	struct file file;
	char *at; /* the text not yet given */
	struct input_event next;
	bool more; /* next is valid */
};

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;
	return found ? (int)(found - digits) : -1;
}

/* Hex digits to bytes in their own place; false if they are none. */
static bool decode(char *hex, size_t *n)
{
	uint8_t *to = (uint8_t *)hex;
	for (*n = 0; hex[2 * *n]; ++*n) {
		int high = hex_digit(hex[2 * *n]), low = high < 0 ? -1 : hex_digit(hex[2 * *n + 1]);
		if (low < 0)
			return false;
		to[*n] = (uint8_t)(high << 4 | low);
	}
	return *n > 0;
}

/* The next line of text, ended by a 0; NULL at the end. */
static char *take_line(struct replay *replay)
{
	char *line = replay->at;
	char *end = strchr(line, '\n');
	if (!end)
		return NULL;
	*end = '\0';
	replay->at = end + 1;
	return line;
}

static bool parse_event(struct input_event *event, char *line)
{
	char *rest;
	*event = (struct input_event){ .steps = strtoull(line, &rest, 10) };
	event->line = (unsigned)strtoul(rest, &rest, 10);
	if (*rest != ' ' || event->line >= LINES_MOST)
		return false;
	event->bytes = (uint8_t *)rest + 1;
	event->ends = strcmp(rest + 1, "end") == 0;
	return event->ends || decode(rest + 1, &event->n);
}

bool replay_next(struct replay *replay, struct refusal *why)
{
	uint64_t before = replay->next.steps;
	char *line = take_line(replay);
	replay->more = line != NULL;
	if (!line || (parse_event(&replay->next, line) && replay->next.steps >= before))
		return true;
	replay->more = false;
	return deny(why, "is damaged after the input at step %" PRIu64, before);
}

const struct input_event *replay_event(const struct replay *replay) { return replay->more ? &replay->next : NULL; }

static bool begin(struct replay *replay, const char *machine, struct refusal *why)
{
	const char *header = take_line(replay);
	if (!header || strncmp(header, HEADER, strlen(HEADER)) != 0)
		return deny(why, "is no recording of console input");
	if (strcmp(header + strlen(HEADER), machine) != 0)
		return deny(why, "was recorded on another machine (%.80s; this is %.80s): "
		            "give the same images and options", header + strlen(HEADER), machine);
	return replay_next(replay, why);
}

struct replay *replay_new(const char *path, const char *machine, struct refusal *why)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	if (!replay || !file_read(&replay->file, path, why)) {
		free(replay);
		return NULL;
	}
	uint8_t *text = realloc(replay->file.bytes, replay->file.size + 1);
	if (text) {
		replay->file.bytes = text;
		text[replay->file.size] = '\0';
		replay->at = (char *)text;
		if (begin(replay, machine, why))
			return replay;
	}
	replay_free(replay);
	return NULL;
}

void replay_free(struct replay *replay)
{
	if (replay)
		file_free(&replay->file);
	free(replay);
}
