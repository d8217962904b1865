/* What came to a machine from outside: console input and, in the inspector, what a
 * person changed by hand; each with the step before which it came.  With the same
 * machine and the same recording, a run is the same run.  As a text file:
 *
 *     droste-input 1 MACHINE
 *     STEPS LINE HEX          bytes arrived on a console line
 *     STEPS LINE end          no more will
 *     STEPS write ADDRESS HEX bytes written to real storage
 *     STEPS x NUMBER VALUE    a register set
 *     STEPS psw HEX           the PSW set, five words
 *     STEPS mark NAME         a place that somebody named
 *     STEPS here              where the session was
 *
 * MACHINE says what it was recorded on.  Input that waited from reset has STEPS 0.
 */
#ifndef DROSTE_RECORDING_H
#define DROSTE_RECORDING_H

#include "machine/window.h"

#define RECORDED_MACHINE 80

enum event_kind { EVENT_INPUT, EVENT_INPUT_ENDS, EVENT_WRITE, EVENT_REGISTER, EVENT_PSW, EVENT_MARK, EVENT_HERE };

struct event {
	uint64_t steps;
	enum event_kind kind;
	uint32_t at;          /* line, address or register */
	uint32_t n;           /* bytes */
	uint8_t *bytes;
};

/* Events in the order in which they came. */
struct recording {
	struct event *events;
	size_t n, room;
};

void recording_free(struct recording *recording);

/* Adds an event, with a copy of its bytes.  False if out of memory. */
bool recording_add(struct recording *recording, const struct event *event);

/* Forgets all events but the first n. */
void recording_cut(struct recording *recording, size_t n);

/* Does to the machine what the event did.  False if it does not fit the machine. */
bool event_apply(const struct event *event, struct machine *m);

#endif
