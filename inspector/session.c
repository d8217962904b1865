/* A session: made, freed, asked what was written, and changed from outside.  How it
 * moves is in motion.c, what machines look like in state.c.  Called by everything
 * that inspects a machine.
 */

#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_out.h"
#include "session_inside.h"

#define PAST_MOST   ((size_t)256 << 20)
#define TRAPS_MOST  ((size_t)1 << 20)
#define OUTPUT_MOST ((size_t)4 << 20) /* of a line */
#define INTERVAL_LEAST (UINT64_C(4) << 20) /* steps */

/* ---- making ------------------------------------------------------------- */

static bool no_memory(struct refusal *why) { return refuse(why, "no memory for a session"); }

/* Keeping a moment reads all of storage, about as fast as the engine runs instructions
 * for every 32 bytes of it; so this is a tenth of a run. */
static uint64_t interval_for(const struct machine_config *machine)
{
	uint64_t interval = 2 * (uint64_t)machine->storage;
	return interval < INTERVAL_LEAST ? INTERVAL_LEAST : interval;
}

static void describe(struct session *s, const struct session_config *config)
{
	if (config->disk)
		recording_describe(s->machine, s->m, config->disk, (size_t)config->sectors * SECTOR);
	else
		recording_describe(s->machine, s->m, config->elf, config->elf_bytes);
}

static bool load(struct session *s, const struct session_config *config, struct refusal *why)
{
	size_t bytes = (size_t)config->sectors * SECTOR;
	if (!config->disk)
		return machine_load_elf(s->m, config->elf, config->elf_bytes, why);
	s->disk = malloc(bytes + 1);
	if (!s->disk)
		return no_memory(why);
	s->sectors = config->sectors;
	memcpy(s->disk, config->disk, bytes);
	machine_attach_disk(s->m, s->disk, config->sectors);
	machine_ipl(s->m);
	return true;
}

static void start_tapes(struct session *s)
{
	tape_start(&s->traps, sizeof(struct trap_record), TRAPS_MOST);
	for (unsigned line = 0; line < LINES_MOST; line++)
		tape_start(&s->output[line], 1, OUTPUT_MOST);
}

static bool make(struct session *s, const struct session_config *config, struct refusal *why)
{
	s->m = machine_new(&config->machine, why);
	if (!s->m)
		return false;
	s->past.most = config->past_most ? config->past_most : PAST_MOST;
	s->interval = config->interval ? config->interval : interval_for(&config->machine);
	s->waits_at = UINT64_MAX;
	start_tapes(s);
	run_start(s, &(struct boot_disk){ (uint8_t *)(uintptr_t)config->disk, config->disk ? config->sectors : 0 });
	describe(s, config);
	if (!load(s, config, why))
		return false;
	if (!run_keep(s))
		return no_memory(why);
	s->known = session_now(s);
	session_look(s);
	return true;
}

struct session *session_new(const struct session_config *config, struct refusal *why)
{
	struct session *s = calloc(1, sizeof(*s));
	if (!s) {
		no_memory(why);
		return NULL;
	}
	if (make(s, config, why))
		return s;
	session_free(s);
	return NULL;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	session_twin_stop(s);
	past_free(&s->past);
	recording_free(&s->recording);
	tape_free(&s->traps);
	for (unsigned line = 0; line < LINES_MOST; line++)
		tape_free(&s->output[line]);
	machine_free(s->m);
	free(s->disk);
	free(s);
}

const struct machine *session_machine(const struct session *s) { return s->m; }
uint64_t session_now(const struct session *s) { return machine_steps(s->m); }
uint64_t session_known(const struct session *s) { return s->known; }

/* ---- what was written --------------------------------------------------- */

struct output session_output(const struct session *s, unsigned line)
{
	const struct tape *tape = &s->output[line % LINES_MOST];
	return (struct output){ tape->items, tape_before(tape), tape->first };
}

const struct trap_record *session_traps(const struct session *s, size_t *n, size_t *before)
{
	*n = s->traps.n;
	*before = tape_before(&s->traps);
	return (const struct trap_record *)s->traps.items;
}

/* ---- marks -------------------------------------------------------------- */

static bool set_mark(struct session *s, const char *name, size_t n, uint64_t steps)
{
	struct mark mark = { .steps = steps };
	unsigned i = 0;
	if (n == 0 || n >= MARK_BYTES)
		return false;
	memcpy(mark.name, name, n);
	while (i < s->marks_n && strcmp(s->marks[i].name, mark.name) != 0)
		i++;
	if (i == MARKS_MOST)
		return false;
	s->marks[i] = mark;
	s->marks_n += i == s->marks_n;
	return true;
}

bool session_mark(struct session *s, const char *name) { return set_mark(s, name, strlen(name), session_now(s)); }

const struct mark *session_marks(const struct session *s, unsigned *n)
{
	*n = s->marks_n;
	return s->marks;
}

/* ---- files -------------------------------------------------------------- */

static void write_all(const struct session *s, FILE *to)
{
	recording_begin(to, s->machine);
	for (size_t i = 0; i < s->recording.n; i++)
		recording_write(to, &s->recording.events[i]);
	for (unsigned i = 0; i < s->marks_n; i++)
		recording_write(to, &(struct event){ s->marks[i].steps, EVENT_MARK, 0, (uint32_t)strlen(s->marks[i].name),
		                                     (const uint8_t *)s->marks[i].name });
	recording_write(to, &(struct event){ .steps = session_now(s), .kind = EVENT_HERE });
}

bool session_save(const struct session *s, const char *path, struct refusal *why)
{
	struct file_out out;
	if (!file_out_open(&out, path, why))
		return false;
	write_all(s, out.to);
	return file_out_close(&out, true, why);
}

/* Goes back to the beginning, with another past to come; read's events become the session's. */
static void begin_again(struct session *s, struct recording *read)
{
	run_restore(s, &s->past.moments[0]);
	session_end_future(s);
	s->marks_n = 0;
	while (read->n > 0 && read->events[read->n - 1].kind >= EVENT_MARK) {
		const struct event *event = &read->events[read->n - 1];
		if (event->kind == EVENT_MARK)
			set_mark(s, (const char *)event->bytes, event->n, event->steps);
		recording_cut(read, read->n - 1);
	}
	recording_free(&s->recording);
	s->recording = *read;
}

static uint64_t place_in(const struct session *s, const struct recording *read)
{
	const struct event *last = read->n > 0 ? &read->events[read->n - 1] : NULL;
	return last && last->kind == EVENT_HERE ? last->steps : s->past.moments[0].steps;
}

bool session_load(struct session *s, const char *path, struct refusal *why)
{
	struct recording read;
	if (!recording_read(&read, path, s->machine, why))
		return false;
	uint64_t place = place_in(s, &read);
	atomic_store(&s->interrupted, false);
	begin_again(s, &read);
	enum went went = run_go(s, place);
	session_look(s);
	if (went == WENT_INTERRUPTED)
		return refuse(why, "was interrupted: 'goto #%" PRIu64 "' goes on to its place", place);
	return session_now(s) == place || refuse(why, "is of another run: the machine ends, or waits, before its place");
}
