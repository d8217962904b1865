/* What came to a machine from outside: console input and, in the inspector, what a
 * person changed by hand; each with the step before which it came.  With the same
 * machine and the same recording, a run is the same run.  As a text file:
 *
 *     droste-input 1 MACHINE
 *     STEPS LINE HEX            bytes arrived on a console line
 *     STEPS LINE end            no more will
 *     STEPS write ADDRESS HEX   bytes were written to real storage
 *     STEPS x NUMBER HEX        a register was set
 *     STEPS psw 0 HEX           the PSW was set
 *     STEPS mark 0 HEX          a place that somebody named
 *     STEPS here 0              where a session was
 *
 * MACHINE says what it was recorded on.  Input that waited from reset has STEPS 0.
 */
#ifndef DROSTE_RECORDING_H
#define DROSTE_RECORDING_H

#include <stdio.h>

#include "machine/window.h"

#define RECORDED_MACHINE 80

enum event_kind { EVENT_INPUT, EVENT_INPUT_ENDS, EVENT_WRITE, EVENT_REGISTER, EVENT_PSW, EVENT_MARK, EVENT_HERE, EVENTS };

struct event {
	uint64_t steps;
	enum event_kind kind;
	uint32_t at;          /* line, address or register */
	uint32_t n;           /* bytes */
	const uint8_t *bytes;
};

/* Events in the order in which they came; marks after them. */
struct recording {
	struct event *events;
	size_t n, room;
};

void recording_free(struct recording *recording);

/* Adds an event, with a copy of its bytes.  False if out of memory. */
bool recording_add(struct recording *recording, const struct event *event);

/* Forgets all events but the first n. */
void recording_cut(struct recording *recording, size_t n);

/* The i-th event; NULL: there are not so many. */
const struct event *recording_event(const struct recording *recording, size_t i);

/* Does to the machine what the event did.  False if it does not fit the machine, or out of
 * memory. */
bool event_apply(const struct event *event, struct machine *m);

/* ---- files -------------------------------------------------------------- */

/* What tells a machine apart from others: its size, profile, and the n bytes of its
 * disk or program. */
void recording_describe(char machine[RECORDED_MACHINE], const struct machine *m, const void *image, size_t n);

/* Line by line, so that what has been written can be read whatever comes after. */
void recording_begin(FILE *to, const char *machine);
void recording_write(FILE *to, const struct event *event);

/* A whole file; refused unless it was recorded on machine. */
bool recording_read(struct recording *recording, const char *path, const char *machine, struct refusal *why);

#endif
