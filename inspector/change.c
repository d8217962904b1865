/* What comes to a session's machine from outside: input, and what a person changes by hand.
 * Each is done by events that are remembered, and ends the future that was known.  Called by the
 * session's users.
 *
 * A machine's registers and PSW are where state.c finds them: in the real machine as far as it runs,
 * else in the VM table of the first of its hosts that does not run it.  R and the timer of
 * a VM that runs are also, composed, in the PSW of each of its hosts.
 */

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "session_inside.h"

/* What was known to come after now does not come. */
void session_end_future(struct session *s)
{
	uint64_t now = session_now(s);
	recording_cut(&s->recording, s->given);
	twin_end_future(s);
	past_cut(&s->past, now, s->given);
	tape_cut(&s->traps);
	for (unsigned line = 0; line < LINES_MOST; line++)
		tape_cut(&s->output[line]);
	s->known = now;
	s->waits_at = UINT64_MAX;
	unsigned kept = 0;
	for (unsigned i = 0; i < s->marks_n; i++)
		if (s->marks[i].steps <= now)
			s->marks[kept++] = s->marks[i];
	s->marks_n = kept;
}

/* Does it, and remembers it. */
static bool happen(struct session *s, enum event_kind kind, uint32_t at, const void *bytes, size_t n)
{
	const struct event event = { session_now(s), kind, at, (uint32_t)n, bytes };
	if (n > UINT32_MAX || machine_end(s->m) != MACHINE_RUNNING)
		return false;
	session_end_future(s);
	if (!recording_add(&s->recording, &event))
		return false;
	s->given = s->recording.n;
	twin_on_event(s, &event);
	bool good = event_apply(&event, s->m);
	session_look(s);
	twin_on_stop(s);
	return good;
}

bool session_input(struct session *s, unsigned line, const void *bytes, size_t n)
{
	return line < machine_lines(s->m) && happen(s, EVENT_INPUT, line, bytes, n);
}

void session_input_ends(struct session *s, unsigned line)
{
	if (line < machine_lines(s->m))
		happen(s, EVENT_INPUT_ENDS, line, NULL, 0);
}

bool session_write(struct session *s, unsigned level, uint32_t address, bool absolute, const void *from, uint32_t n)
{
	struct translation t;
	return session_translate(s, level, address, n, absolute, &t) &&
	       happen(s, EVENT_WRITE, t.at[t.n - 1].address, from, n);
}

/* Where the table of a machine's host has its entry, on the real machine, if its state is
 * there; false if it is the real machine's. */
static bool saved_at(const struct session *s, unsigned level, uint32_t *real)
{
	for (struct level_state host; level > 0; level = (unsigned)s->view[level].parent) {
		const struct level *vm = &s->view[level], *above = &s->view[vm->parent];
		session_state(s, (unsigned)vm->parent, &host);
		if (host.psw.status & STATUS_M && host.psw.base - vm->entry.region < vm->size)
			continue;
		*real = above->real + above->anchor.table + vm->vm * above->anchor.entry_bytes;
		return true;
	}
	return false;
}

bool session_set_register(struct session *s, unsigned level, unsigned x, uint32_t value)
{
	uint32_t real;
	struct level_state state;
	session_state(s, level, &state);
	if (!state.exists || x < 1 || x > 31)
		return false;
	if (!saved_at(s, level, &real))
		return happen(s, EVENT_REGISTER, x, &value, sizeof(value));
	return happen(s, EVENT_WRITE, real + (uint32_t)offsetof(struct vm_entry, x) + 4 * x, &value, sizeof(value));
}

/* ---- PSWs --------------------------------------------------------------- */

static bool put_real(struct session *s, enum psw_field field, uint32_t value)
{
	struct psw psw = machine_psw(s->m);
	memcpy((uint8_t *)&psw + 4 * field, &value, sizeof(value));
	return happen(s, EVENT_PSW, 0, &psw, sizeof(psw));
}

/* A word of a VM's entry in its host's table. */
static bool put_entry(struct session *s, unsigned level, size_t offset, uint32_t value)
{
	const struct level *vm = &s->view[level], *host = &s->view[vm->parent];
	uint32_t entry = host->real + host->anchor.table + vm->vm * host->anchor.entry_bytes;
	return happen(s, EVENT_WRITE, entry + (uint32_t)offset, &value, sizeof(value));
}

static bool put_field(struct session *s, unsigned level, enum psw_field field, uint32_t value)
{
	return level == 0 ? put_real(s, field, value) : put_entry(s, level, offsetof(struct vm_entry, psw) + 4 * field, value);
}

/* Whether a VM's host runs it, and the host's own state. */
static bool is_run(const struct session *s, unsigned level, struct level_state *host)
{
	if (level == 0)
		return false;
	session_state(s, (unsigned)s->view[level].parent, host);
	return state_runs_on(host, &s->view[level].entry);
}

static bool set_pc(struct session *s, unsigned level, uint32_t pc)
{
	uint32_t real;
	if (!saved_at(s, level, &real))
		return put_real(s, PSW_PC, pc);
	return happen(s, EVENT_WRITE, real + (uint32_t)offsetof(struct vm_entry, psw), &pc, sizeof(pc));
}

static bool set_r(struct session *s, unsigned level, uint32_t base, uint32_t bound)
{
	struct level_state host;
	const struct vm_entry *entry = &s->view[level].entry;
	if (!put_field(s, level, PSW_BASE, base) || !put_field(s, level, PSW_BOUND, bound))
		return false;
	if (!is_run(s, level, &host))
		return true;
	struct psw psw = state_composed(&(struct psw){ .base = base, .bound = bound }, entry->region, entry->size);
	return set_r(s, (unsigned)s->view[level].parent, psw.base, psw.bound);
}

/* A VM that runs gets no more time than until its own timer ends, if that can interrupt it. */
static bool set_timer(struct session *s, unsigned level, uint32_t timer)
{
	struct level_state host;
	if (!is_run(s, level, &host))
		return put_field(s, level, PSW_TIMER, timer);
	uint32_t status = s->view[level].entry.psw.status, done = s->view[level].entry.timer_loaded - host.psw.timer;
	if (timer > UINT32_MAX - done)
		return false;
	if (!put_field(s, level, PSW_TIMER, status & STATUS_TE ? timer + done : timer))
		return false;
	if ((status & STATUS_MASK) != STATUS_MASK || timer >= host.psw.timer)
		return true;
	return put_entry(s, level, offsetof(struct vm_entry, timer_loaded), timer + done) &&
	       set_timer(s, (unsigned)s->view[level].parent, timer);
}

/* The timer does not jump as TE is switched. */
static bool set_status(struct session *s, unsigned level, uint32_t status)
{
	struct level_state state;
	session_state(s, level, &state);
	return put_field(s, level, PSW_STATUS, status) && (level == 0 || set_timer(s, level, state.psw.timer));
}

bool session_set_psw(struct session *s, unsigned level, enum psw_field field, uint32_t value, struct refusal *why)
{
	struct level_state state;
	session_state(s, level, &state);
	if (!state.exists)
		return refuse(why, "the machine does not exist now");
	if (machine_end(s->m) != MACHINE_RUNNING)
		return refuse(why, "the machine has ended: go back first");
	if ((field == PSW_PC || field == PSW_BASE) && value % 4 != 0)
		return refuse(why, "pc and base are multiples of 4");
	if (field == PSW_STATUS && value & ~(uint32_t)STATUS_BITS)
		return refuse(why, "status has the bits 1 (M: user mode), 2 (IE: interrupts enabled) and 4 (TE: the timer runs)");
	struct machine_guest guest;
	if (field != PSW_PC && state.running && machine_guest(s->m, &guest))
		return refuse(why, "the real machine runs this one by SIE, where only pc can be set: go on until its host runs");
	bool done = field == PSW_PC ? set_pc(s, level, value)
	          : field == PSW_STATUS ? set_status(s, level, value)
	          : field == PSW_TIMER ? set_timer(s, level, value)
	          : field == PSW_BASE ? set_r(s, level, value, state.psw.bound) : set_r(s, level, state.psw.base, value);
	return done || refuse(why, "no memory for the change, or the timer is too long for the time that has been counted");
}
