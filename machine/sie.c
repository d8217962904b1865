/* Interpretive execution, as System/370-XA has it: SIE lets a guest run in a part of
 * storage as if it were a machine of its own.  What the guest is, its state description
 * says.  Its privileged instructions execute and its traps are taken in its own trap cells,
 * until something needs its host: then what it has become is put back there, and the host
 * goes on behind its SIE.  Called by trap.c, which takes every step; like it, this also runs on PG-32.
 */

#include "machine.h"

/* Of the words of a state description: the first that is the guest's to change, and the first
 * that says how it ended. */
enum { STATE_AT = 2, REPORT_AT = 11 };

_Static_assert(offsetof(struct state_description, psw) == 4 * STATE_AT, "the guest's state");
_Static_assert(offsetof(struct state_description, code) == 4 * REPORT_AT, "what the machine reports");

/* ---- the host, meanwhile ------------------------------------------------- */

uint64_t sie_clock(const struct machine *m) { return m->host.clock + sie_completed(m); }

uint32_t sie_timer(const struct machine *m)
{
	uint32_t timer = m->host.psw.timer;
	if (!(m->host.psw.status & STATUS_TE))
		return timer;
	return sie_completed(m) < timer ? timer - (uint32_t)sie_completed(m) : 0;
}

static bool timer_due(const struct machine *m) { return m->host.psw.status & STATUS_TE && sie_timer(m) == 0; }

bool sie_interrupted(const struct machine *m) { return m->host.pending_lines || timer_due(m); }

/* Where the guest's R leads to nothing, there is nothing from its origin on. */
struct psw sie_psw(const struct machine *m)
{
	struct psw psw = m->psw;
	if (!m->interpretive)
		return psw;
	uint32_t room = psw.base < m->extent ? m->extent - psw.base : 0;
	psw.base = m->origin + (room ? psw.base : 0);
	psw.bound = psw.bound < room ? psw.bound : room;
	psw.status = STATUS_M | STATUS_IE | (m->host.psw.status & STATUS_TE);
	psw.timer = sie_timer(m);
	return psw;
}

/* ---- in ----------------------------------------------------------------- */

static void load_guest(struct machine *m, const uint32_t *words)
{
	const struct psw psw = { words[2], words[3], words[4], words[5], words[6] };
	m->psw = psw_normal(psw);
	m->clock = (uint64_t)words[8] << 32 | words[7];
	m->trapped = words[9] & 1;
	m->pending_lines = words[10];
	storage_confine(m, words[0], words[1]);
}

void sie_enter(struct machine *m)
{
	uint32_t words[STATE_WORDS];
	storage_read_real(m, m->host.description, STATE_WORDS, words);
	const struct state_description d = { .origin = words[0], .extent = words[1] };
	if (!state_description_valid(&d, m->size)) {
		const uint32_t report[] = { INTERCEPTION_VALIDITY, 0, 0 };
		storage_write_real(m, m->host.description + 4 * REPORT_AT, STATE_WORDS - REPORT_AT, report);
		return;
	}
	m->host.psw = m->psw;
	m->host.clock = m->clock;
	m->host.pending_lines = m->pending_lines;
	m->host.since = m->counts.instructions;
	m->host.user_since = m->counts.user_instructions;
	m->interpretive = true;
	load_guest(m, words);
}

/* ---- out ---------------------------------------------------------------- */

static void store_guest(struct machine *m, enum interception code, uint32_t parameter)
{
	const struct psw *psw = &m->psw;
	const uint32_t words[] = {
		psw->pc, psw->status, psw->base, psw->bound, psw->timer, (uint32_t)m->clock, (uint32_t)(m->clock >> 32),
		m->trapped, m->pending_lines, code, parameter, (uint32_t)sie_completed(m),
	};
	storage_write_real(m, m->host.description + 4 * STATE_AT, STATE_WORDS - STATE_AT, words);
}

/* That there was a guest between does not show in the host but by its time. */
static void go_on_with_host(struct machine *m)
{
	uint32_t timer = sie_timer(m);
	m->counts.user_instructions = sie_user_instructions(m);
	m->clock = sie_clock(m);
	m->psw = m->host.psw;
	m->psw.timer = timer;
	m->trapped = false;
	m->pending_lines = m->host.pending_lines;
	m->interpretive = false;
	storage_confine(m, 0, m->size);
}

void sie_end(struct machine *m, enum interception code, uint32_t parameter)
{
	struct psw old = sie_psw(m);
	store_guest(m, code, parameter);
	go_on_with_host(m);
	m->counts.interceptions[code]++;
	if (m->observer.interception)
		m->observer.interception(m->observer.self, m, old, code, parameter);
}

/* The timer stays as it is, and the host's to set again. */
void sie_interrupt(struct machine *m)
{
	if (timer_due(m)) {
		sie_end(m, INTERCEPTION_TIMER, 0);
	} else {
		unsigned line = device_take_attention(m);
		sie_end(m, INTERCEPTION_ATTENTION, DEVICE_CONSOLE << 16 | line);
	}
}

/* ---- instructions --------------------------------------------------------- */

bool sie_intercepts(const struct machine *m, enum insn insn)
{
	if (insn == INSN_wait)
		return !m->pending_lines && !(m->psw.status & STATUS_TE);
	return insn == INSN_sio || insn == INSN_halt || insn == INSN_sie;
}

struct fault sie_intercept(struct machine *m, enum insn insn, uint32_t word)
{
	unsigned words = insn == INSN_sio ? sizeof(struct command_block) / 4 : insn == INSN_sie ? STATE_WORDS : 0;
	uint32_t real;
	struct fault f = words ? storage_locate_words(m, m->x[isa_rs1(word)] + isa_imm_i(word), words, &real) : NO_FAULT;
	if (!faulted(f))
		sie_end(m, INTERCEPTION_INSTRUCTION, word);
	return f;
}
