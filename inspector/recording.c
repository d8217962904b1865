/* See recording.h.  Called by sessions, and by `droste run` as input arrives and when
 * it is replayed.
 */

#include "recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define HEADER "droste-input 1 "

/* ---- events ------------------------------------------------------------- */

void recording_cut(struct recording *recording, size_t n)
{
	while (recording->n > n)
		free((void *)(uintptr_t)recording->events[--recording->n].bytes);
}

void recording_free(struct recording *recording)
{
	recording_cut(recording, 0);
	free(recording->events);
	*recording = (struct recording){ 0 };
}

static bool make_room(struct recording *recording)
{
	if (recording->n < recording->room)
		return true;
	size_t room = 2 * recording->room + 16;
	struct event *events = realloc(recording->events, room * sizeof(*events));
	if (!events)
		return false;
	recording->events = events;
	recording->room = room;
	return true;
}

bool recording_add(struct recording *recording, const struct event *event)
{
	uint8_t *bytes = malloc(event->n + (size_t)1);
	if (!bytes || !make_room(recording)) {
		free(bytes);
		return false;
	}
	if (event->n > 0)
		memcpy(bytes, event->bytes, event->n);
	recording->events[recording->n] = *event;
	recording->events[recording->n++].bytes = bytes;
	return true;
}

const struct event *recording_event(const struct recording *recording, size_t i)
{
	return i < recording->n ? &recording->events[i] : NULL;
}

static bool set_register(const struct event *event, struct machine *m)
{
	uint32_t value;
	memcpy(&value, event->bytes, sizeof(value));
	machine_set_register(m, event->at, value);
	return true;
}

static bool set_psw(const struct event *event, struct machine *m)
{
	struct psw psw;
	memcpy(&psw, event->bytes, sizeof(psw));
	machine_set_psw(m, psw);
	return true;
}

static bool end_input(struct machine *m, unsigned line)
{
	machine_input_ends(m, line);
	return true;
}

bool event_apply(const struct event *event, struct machine *m)
{
	switch (event->kind) {
	case EVENT_INPUT:      return event->at < machine_lines(m) && machine_input(m, event->at, event->bytes, event->n);
	case EVENT_INPUT_ENDS: return event->at < machine_lines(m) && end_input(m, event->at);
	case EVENT_WRITE:      return machine_write(m, event->at, event->bytes, event->n);
	case EVENT_REGISTER:   return set_register(event, m);
	case EVENT_PSW:        return set_psw(event, m);
	default:               return true;
	}
}

/* ---- writing ------------------------------------------------------------ */

/* The second word of a line; input has the line's number there. */
static const char *const words[EVENTS] = { NULL, NULL, "write", "x", "psw", "mark", "here" };

void recording_describe(char machine[RECORDED_MACHINE], const struct machine *m, const void *image, size_t n)
{
	snprintf(machine, RECORDED_MACHINE, "%" PRIu32 " %u %s %016" PRIx64, machine_storage_size(m), machine_lines(m),
	         machine_profile(m)->name, (uint64_t)XXH64(image, n, 0));
}

void recording_begin(FILE *to, const char *machine) { fprintf(to, HEADER "%s\n", machine); }

void recording_write(FILE *to, const struct event *event)
{
	if (event->kind == EVENT_INPUT && event->n == 0)
		return;
	fprintf(to, "%" PRIu64 " ", event->steps);
	if (words[event->kind])
		fprintf(to, "%s ", words[event->kind]);
	fprintf(to, "%" PRIu32 " ", event->at);
	for (uint32_t i = 0; i < event->n; i++)
		fprintf(to, "%02x", event->bytes[i]);
	fputs(event->kind == EVENT_INPUT_ENDS ? "end\n" : "\n", to);
	fflush(to);
}

/* ---- reading ------------------------------------------------------------ */

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;
	return found ? (int)(found - digits) : -1;
}

/* Hex digits to bytes in their own place; false if they are none. */
static bool decode(char *hex, uint32_t *n)
{
	uint8_t *to = (uint8_t *)hex;
	for (*n = 0; hex[2 * *n]; ++*n) {
		int high = hex_digit(hex[2 * *n]), low = high < 0 ? -1 : hex_digit(hex[2 * *n + 1]);
		if (low < 0)
			return false;
		to[*n] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Takes the word that names the kind of event off the line, if there is one. */
static enum event_kind take_kind(char **at)
{
	for (int kind = EVENT_WRITE; kind < EVENTS; kind++) {
		size_t n = strlen(words[kind]);
		if (strncmp(*at, words[kind], n) == 0 && (*at)[n] == ' ') {
			*at += n + 1;
			return (enum event_kind)kind;
		}
	}
	return EVENT_INPUT;
}

/* The bytes that an event must have; 0: any number but none. */
static bool right_size(const struct event *event)
{
	switch (event->kind) {
	case EVENT_REGISTER: return event->n == sizeof(uint32_t) && event->at < 32;
	case EVENT_PSW:      return event->n == sizeof(struct psw);
	case EVENT_HERE:     return event->n == 0;
	case EVENT_INPUT:    return event->n > 0 && event->at < LINES_MOST;
	default:             return event->n > 0;
	}
}

static bool parse(struct event *event, char *line)
{
	char *at;
	*event = (struct event){ .steps = strtoull(line, &at, 10) };
	if (at == line || *at++ != ' ')
		return false;
	event->kind = take_kind(&at);
	event->at = (uint32_t)strtoul(at, &at, 10);
	if (*at++ != ' ')
		return false;
	if (event->kind == EVENT_INPUT && strcmp(at, "end") == 0) {
		event->kind = EVENT_INPUT_ENDS;
		return event->at < LINES_MOST;
	}
	event->bytes = (uint8_t *)at;
	return decode(at, &event->n) && right_size(event);
}

/* The next line, without its end; NULL if there is none, or it was cut off. */
static char *take_line(FILE *from, char **line, size_t *room)
{
	ssize_t n = getline(line, room, from);
	if (n <= 0 || (*line)[n - 1] != '\n')
		return NULL;
	(*line)[n - 1] = '\0';
	return *line;
}

static bool read_events(struct recording *recording, FILE *from, char **line, size_t *room, struct refusal *why)
{
	struct event event;
	uint64_t before = 0;
	while (take_line(from, line, room)) {
		if (!parse(&event, *line) || (event.kind < EVENT_MARK && event.steps < before))
			return refuse(why, "is damaged after the input at step %" PRIu64, before);
		if (!recording_add(recording, &event))
			return refuse(why, "no memory for what it holds");
		before = event.kind < EVENT_MARK ? event.steps : before;
	}
	return true;
}

static bool read_file(struct recording *recording, FILE *from, const char *machine, struct refusal *why)
{
	char *line = NULL;
	size_t room = 0;
	bool good = false;
	if (!take_line(from, &line, &room) || strncmp(line, HEADER, strlen(HEADER)) != 0)
		refuse(why, "is no recording of console input");
	else if (strcmp(line + strlen(HEADER), machine) != 0)
		refuse(why, "was recorded on another machine (%.80s; this is %.80s): "
		          "give the same images and options", line + strlen(HEADER), machine);
	else
		good = read_events(recording, from, &line, &room, why);
	free(line);
	return good;
}

bool recording_read(struct recording *recording, const char *path, const char *machine, struct refusal *why)
{
	*recording = (struct recording){ 0 };
	FILE *from = fopen(path, "re");
	if (!from)
		return refuse(why, "cannot open: %s", strerror(errno));
	bool good = read_file(recording, from, machine, why);
	fclose(from);
	if (!good)
		recording_free(recording);
	return good;
}
