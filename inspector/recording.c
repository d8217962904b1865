/* See recording.h.  Called by the session as things arrive, and when it goes over
 * them again.
 */

#include "recording.h"

#include <stdlib.h>
#include <string.h>

void recording_cut(struct recording *recording, size_t n)
{
	while (recording->n > n)
		free(recording->events[--recording->n].bytes);
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
	struct event added = *event;
	added.bytes = malloc(event->n + (size_t)1);
	if (!added.bytes || !make_room(recording)) {
		free(added.bytes);
		return false;
	}
	if (event->n > 0)
		memcpy(added.bytes, event->bytes, event->n);
	recording->events[recording->n++] = added;
	return true;
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
	case EVENT_MARK:
	case EVENT_HERE:       break;
	}
	return true;
}
