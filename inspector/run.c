/* The real machine of a session, run and watched: it gets what came from outside when
 * it came, what it writes and which traps it takes are noted, moments are kept
 * now and then, and a hunt may ask to be told.  Called by the session's motion.
 */

#include <string.h>

#include "session_inside.h"

/* ---- noting what happens ------------------------------------------------ */

void run_catch(struct session *s)
{
	s->caught = true;
	machine_ask_stop(s->m);
}

/* To a witness: the machines as the meter knows them. */
static void show(struct session *s)
{
	s->viewed = s->meter.n;
	memcpy(s->view, s->meter.levels, s->meter.n * sizeof(*s->view));
}

static void note_trap(struct session *s, const struct trap_record *record)
{
	tape_write(&s->traps, record, 1);
	if (s->witness.trap) {
		show(s);
		s->witness.trap(s->witness.self, record);
	}
	points_on_trap(s, record->level, record->cause);
	const struct hunt *hunt = &s->hunt;
	bool same = record->level == hunt->level;
	if ((hunt->causes && same && record->cause == hunt->cause) ||
	    (hunt->reflections && record->level > 0 && (same || hunt->level == 0)) ||
	    (hunt->traps && record->level == 0 && (hunt->from < 0 || hunt->from == (int)record->from)))
		run_catch(s);
}

/* The trap that a host has put into the cells of its VM i. */
static void note_reflection(struct session *s, unsigned i)
{
	struct { struct psw old; uint32_t cause, tval; } cells;
	s->meter.reflecting &= ~(UINT64_C(1) << i);
	if (!machine_read(s->m, s->meter.levels[i].real, &cells, sizeof(cells)) || cells.cause >= CAUSES)
		return;
	const struct trap_record record = { machine_steps(s->m), i, s->trapped_in[i], (enum cause)cells.cause,
	                                    cells.tval, cells.old };
	note_trap(s, &record);
}

/* A reflection is over once another machine runs than the host, or one beneath it. */
static void note_reflections(struct session *s)
{
	const struct levels_meter *meter = &s->meter;
	for (unsigned i = 1; i < meter->n; i++)
		if (meter->reflecting >> i & 1 && !levels_within(meter->levels, (unsigned)meter->levels[i].parent, meter->running))
			note_reflection(s, i);
}

static void note_awaited(struct session *s)
{
	for (unsigned i = 0; i < s->meter.n; i++)
		if (levels_within(s->meter.levels, s->meter.running, i))
			s->awaited &= ~(UINT64_C(1) << i);
	if (s->awaited == 0)
		run_catch(s);
}

/* What ran may have changed, and its R; before is the PSW it had. */
static void note_turn(struct session *s, const struct psw *before)
{
	const struct levels_meter *meter = &s->meter;
	unsigned level = s->hunt.level;
	twin_on_turn(s, s->ran);
	if (meter->running != s->ran) {
		if (meter->reflecting)
			note_reflections(s);
		bool was = levels_within(meter->levels, s->ran, level), is = levels_within(meter->levels, meter->running, level);
		if (s->hunt.turns && was != is) {
			if (was)
				state_of(s->m, meter->levels, level, before, meter->was.is ? &meter->was.then : NULL, &s->left);
			run_catch(s);
		}
		unsigned from = s->ran;
		s->ran = meter->running;
		if (s->witness.turn) {
			show(s);
			s->witness.turn(s->witness.self, from);
		}
	}
	if (s->awaited)
		note_awaited(s);
	if (s->hunt.points)
		points_on_turn(s);
}

/* How many violations there were before tells whether the last event was one. */
static void note_violations(struct session *s, uint64_t before)
{
	if (s->control.violations == before)
		return;
	if (s->hunt.points)
		points_on_violation(s);
	if (s->hunt.violations)
		run_catch(s);
}

/* The real machine has been turned to from a VM, or has trapped itself. */
static void note_exit(struct session *s, const struct psw *old, enum cause cause, uint32_t tval)
{
	uint64_t violations = s->control.violations;
	const struct trap_record record = { machine_steps(s->m), 0, s->ran, cause, tval, *old };
	for (int i = (int)s->ran; i >= 0; i = s->meter.levels[i].parent)
		s->trapped_in[i] = (uint8_t)s->ran;
	twin_on_exit(s, old, cause, tval);
	control_trap(&s->control, s->m, s->ran, old, cause, tval);
	note_violations(s, violations);
	note_trap(s, &record);
	note_turn(s, old);
}

/* A trap that a guest has taken itself is in its cells as if its host had reflected it. */
static void on_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	struct session *s = self;
	(void)m;
	if (s->meter.took == 0) {
		note_exit(s, &old, cause, tval);
		return;
	}
	s->trapped_in[s->meter.took] = (uint8_t)s->ran;
	twin_on_own_trap(s, cause);
	note_reflection(s, s->meter.took);
	note_turn(s, &old);
}

static void on_interception(void *self, struct machine *m, struct psw old, enum interception code, uint32_t parameter)
{
	(void)m;
	note_exit(self, &old, levels_cause(code, parameter), code == INTERCEPTION_CHECK_STOP ? 0 : parameter);
}

static void on_system(void *self, struct machine *m, enum insn insn, struct psw before)
{
	struct session *s = self;
	uint64_t violations = s->control.violations;
	control_system(&s->control, m, &before);
	note_violations(s, violations);
	note_turn(s, &before);
	if (s->hunt.waits && insn == INSN_wait)
		run_catch(s);
}

static void on_transfer(void *self, struct machine *m, const struct command_block *block, enum condition cc)
{
	struct session *s = self;
	uint64_t violations = s->control.violations;
	control_transfer(&s->control, m, block, cc);
	note_violations(s, violations);
}

static void on_store(void *self, struct machine *m, uint32_t real, uint32_t n)
{
	struct session *s = self;
	(void)m;
	if (s->hunt.points)
		points_on_store(s, real, n);
}

static void on_output(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct session *s = self;
	tape_write(&s->output[line], bytes, n);
}

void run_start(struct session *s, const struct boot_disk *disk)
{
	const struct observer observer = { s, on_trap, on_system, on_transfer, on_store, on_interception };
	const struct console_host console = { s, on_output, NULL };
	machine_set_console(s->m, &console);
	levels_meter_start(&s->meter, s->m);
	levels_meter_also(&s->meter, &observer);
	control_start(&s->control, &s->meter, disk);
}

/* ---- moments ------------------------------------------------------------ */

bool run_keep(struct session *s)
{
	struct moment moment = { .steps = machine_steps(s->m), .control = s->control, .twin = twin_place(s), .given = s->given, .traps = s->traps.now };
	for (unsigned line = 0; line < LINES_MOST; line++)
		moment.output[line] = s->output[line].now;
	memcpy(moment.trapped_in, s->trapped_in, sizeof(s->trapped_in));
	return past_keep(&s->past, &moment, s->m, &s->meter);
}

void run_restore(struct session *s, const struct moment *moment)
{
	if (!machine_restore(s->m, moment->machine))
		return;
	s->meter = *moment->meter;
	levels_meter_watch(&s->meter);
	s->control = moment->control;
	twin_restore(s, &moment->twin);
	s->given = moment->given;
	memcpy(s->trapped_in, moment->trapped_in, sizeof(s->trapped_in));
	tape_wind(&s->traps, moment->traps);
	for (unsigned line = 0; line < LINES_MOST; line++)
		tape_wind(&s->output[line], moment->output[line]);
	s->ran = s->meter.running;
	s->judged = moment->steps;
	s->left = (struct level_state){ 0 };
	if (s->hunt.points)
		points_begin(s);
}

/* ---- running ------------------------------------------------------------ */

#define SLICE (UINT64_C(1) << 22) /* steps between looks at the user */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* What came from outside at this step. */
static void give(struct session *s, uint64_t now)
{
	while (s->given < s->recording.n && s->recording.events[s->given].steps <= now) {
		const struct event *event = &s->recording.events[s->given++];
		twin_on_event(s, event);
		event_apply(event, s->m);
	}
}

/* The step at which the next moment is to be kept. */
static uint64_t moment_due(const struct session *s, uint64_t now)
{
	uint64_t last = past_nearest(&s->past, now)->steps, gap = s->interval;
	if (s->back_from > last && (s->back_from - last) / 2 < gap)
		gap = (s->back_from - last) / 2;
	return last + (gap > s->interval / 64 ? gap : s->interval / 64);
}

/* Where something is due before to. */
static uint64_t next_stop(const struct session *s, uint64_t now, uint64_t to)
{
	if (s->given < s->recording.n)
		to = least(to, s->recording.events[s->given].steps);
	return least(to, least(moment_due(s, now), now + SLICE));
}

static enum went run_some(struct session *s, uint64_t now, uint64_t to)
{
	uint64_t loading = 0, before = machine_counts(s->m).instructions;
	if (s->hunt.points && points_step(s, &loading))
		to = now + 1;
	enum stop stop = machine_run(s->m, next_stop(s, now, to) - now);
	uint64_t then = machine_steps(s->m);
	s->known = then > s->known ? then : s->known;
	if (stop == STOP_END && machine_end(s->m) == MACHINE_DISABLED_WAIT)
		s->waits_at = then;
	if (machine_counts(s->m).instructions > before)
		s->caught_points |= loading;
	if (s->caught || (stop == STOP_BREAK && s->hunt.points) || s->caught_points)
		return WENT_CAUGHT;
	return stop == STOP_END ? WENT_END : stop == STOP_INPUT ? WENT_INPUT : WENT_THERE;
}

/* Arrived where the machine is known to find that it waits for ever. */
static enum went find_out(struct session *s, uint64_t now)
{
	if (s->waits_at == now && machine_end(s->m) == MACHINE_RUNNING)
		machine_run(s->m, 1);
	return WENT_THERE;
}

/* However short the runs are of which a motion is made. */
static void tell_progress(struct session *s, uint64_t steps, uint64_t to)
{
	s->untold += steps;
	if (!s->progress || s->untold < SLICE)
		return;
	s->untold = 0;
	s->progress(s->progress_self, machine_steps(s->m), to == UINT64_MAX ? 0 : to);
}

enum went run_to(struct session *s, uint64_t to)
{
	s->caught = false;
	s->caught_points = 0;
	for (;;) {
		uint64_t now = machine_steps(s->m);
		give(s, now);
		if (s->hunt.points && now != s->judged && machine_at_break(s->m))
			return WENT_CAUGHT;
		if (now >= to)
			return find_out(s, now);
		if (atomic_load(&s->interrupted))
			return WENT_INTERRUPTED;
		if (now >= moment_due(s, now) && !run_keep(s))
			past_halve(&s->past, now);
		enum went went = run_some(s, now, to);
		tell_progress(s, machine_steps(s->m) - now, to);
		if (went != WENT_THERE)
			return went;
	}
}

enum went run_go(struct session *s, uint64_t to)
{
	struct hunt hunt = s->hunt;
	uint64_t now = machine_steps(s->m);
	const struct moment *nearest = past_nearest(&s->past, to);
	s->hunt = (struct hunt){ 0 };
	if (to < now || nearest->steps > now)
		run_restore(s, nearest);
	enum went went = run_to(s, to);
	s->hunt = hunt;
	s->judged = machine_steps(s->m);
	return went;
}
