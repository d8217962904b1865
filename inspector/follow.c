/* One machine kept in step with another.  See follow.h. */

#include "follow.h"

#include <string.h>

#include "words.h"

enum { HINT_MOST = 1 << 24 }; /* steps of an interpreter between two entries */

/* ---- what is seen ------------------------------------------------------- */

void follow_note_exit(struct follower *f, const struct psw *real, enum cause cause, uint32_t tval)
{
	f->exit = (struct guest_exit){ true, *real, cause, tval, { 0 } };
	for (unsigned x = 1; x < 32; x++)
		f->exit.x[x] = machine_register(f->meter->m, x);
}

uint64_t follow_direct(const struct follower *f)
{
	uint64_t direct = 0;
	for (unsigned i = f->guest; i < f->meter->n; i++)
		if (levels_within(f->meter->levels, i, f->guest))
			direct += f->meter->counts[i].direct;
	return direct;
}

static bool lets_in(const struct psw *psw, bool pending)
{
	return psw->status & STATUS_IE && (pending || (psw->status & STATUS_TE && psw->timer == 0));
}

/* In interpretive execution the machine's PSW lets in all that is its host's. */
bool follow_interrupt_due(const struct machine *m)
{
	struct psw psw = machine_psw(m);
	struct machine_guest guest;
	bool pending = false;
	for (unsigned line = 0; line < machine_lines(m); line++)
		pending |= machine_line(m, line).pending;
	bool due = lets_in(&psw, pending) || (machine_guest(m, &guest) && lets_in(&guest.psw, guest.pending));
	return due && machine_end(m) == MACHINE_RUNNING;
}

struct psw follow_psw(const struct machine *m)
{
	struct machine_guest guest;
	return machine_guest(m, &guest) ? guest.host : machine_psw(m);
}

static const char *const register_names[32] = {
	"", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
	"x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29",
	"x30", "x31",
};

/* Trap cells that the bare machine has at a real address: its own, or those of a guest in
 * interpretive execution. */
static bool same_cells(const struct follower *f, uint32_t at)
{
	const uint8_t *virtual = machine_storage(f->meter->m) + f->meter->levels[f->guest].real;
	return memcmp(virtual + at, machine_storage(f->bare) + at, CELL_TVAL + 4) == 0;
}

bool follow_agrees(const struct follower *f, const char **what)
{
	const struct machine *nested = f->meter->m;
	*what = "pc";
	if (machine_psw(nested).pc != machine_psw(f->bare).pc)
		return false;
	for (unsigned x = 1; x < 32; x++)
		if (machine_register(nested, x) != machine_register(f->bare, x)) {
			*what = register_names[x];
			return false;
		}
	*what = N_("the trap cells");
	struct machine_guest guest;
	return same_cells(f, 0) && (!machine_guest(f->bare, &guest) || same_cells(f, guest.origin));
}

/* ---- following ---------------------------------------------------------- */

/* Completed instructions, and traps and interceptions that are no interrupts. */
static uint64_t events(const struct machine *m)
{
	struct machine_counts counts = machine_counts(m);
	uint64_t n = counts.instructions + counts.interceptions[INTERCEPTION_INSTRUCTION] +
	             counts.interceptions[INTERCEPTION_CHECK_STOP];
	for (int cause = CAUSE_PRIVILEGED; cause < CAUSE_TIMER; cause++)
		n += counts.traps[cause];
	return n;
}

static void run_until(struct follower *f, uint64_t until)
{
	for (uint64_t now; (now = events(f->bare)) < until;)
		if (!f->run(f->self, until - now))
			return;
}

/* It agrees now, or once the interrupts that are due have been taken. */
static bool settle(struct follower *f)
{
	const char *what;
	if (machine_end(f->bare) != MACHINE_RUNNING)
		return false; /* then the guest is not to be entered any more */
	for (int i = 0; i < 3; i++) {
		if (follow_agrees(f, &what))
			return true;
		if (!follow_interrupt_due(f->bare))
			return false;
		f->run(f->self, 1);
	}
	return follow_agrees(f, &what);
}

static const struct vm_entry *table(const struct follower *f) { return &f->meter->levels[f->guest].entry; }
static uint64_t table_clock(const struct follower *f) { return (uint64_t)table(f)->clock[1] << 32 | table(f)->clock[0]; }

bool follow_interrupted(enum cause cause) { return cause == CAUSE_TIMER || cause == CAUSE_IO; }

/* The guest stands again before the instruction that trapped, as it stood when it
 * did: has its host yet to do what the trap asks for, or did that change nothing?
 * Only here the table is asked. */
static bool tries_again(const struct follower *f, uint64_t direct)
{
	const struct machine *nested = f->meter->m;
	if (machine_psw(nested).pc != f->exit.real.pc)
		return false;
	for (unsigned x = 1; x < 32; x++)
		if (machine_register(nested, x) != f->exit.x[x])
			return false;
	return table_clock(f) == f->pace.clock + direct && table(f)->reflected == f->pace.reflected;
}

/* True iff the next step is a trap, which it has then taken. */
static bool traps_next(struct follower *f)
{
	uint64_t before = machine_counts(f->bare).instructions;
	return f->run(f->self, 1) && machine_counts(f->bare).instructions == before;
}

/* A host that interprets lets its guest complete more than was seen: its table says
 * how much, and whether that is true shows. */
static bool follow_hint(struct follower *f)
{
	uint64_t clock = table_clock(f);
	if (f->no_hint || clock < machine_clock(f->bare))
		return false;
	/* Step by step, since WAIT may take the clock far in one. */
	for (int i = 0; i < HINT_MOST && machine_clock(f->bare) < clock; i++)
		if (!f->run(f->self, 1))
			return false;
	return settle(f) || (traps_next(f) && settle(f));
}

/* True iff the next step is an LPSW to the same pc: only the PSW tells whether it has been
 * done, and only the clock how often. */
static bool stands_still(const struct machine *m)
{
	struct psw now = machine_psw(m);
	uint32_t word, pc, size = machine_storage_size(m);
	if (now.status & STATUS_M || !address_legal(now.pc, 4, now.base, now.bound, size) || !machine_read(m, now.base + now.pc, &word, 4) ||
	    isa_decode(word) != INSN_lpsw)
		return false;
	uint32_t a = machine_register(m, isa_rs1(word)) + isa_imm_i(word);
	return address_legal(a, sizeof(struct psw), now.base, now.bound, size) && machine_read(m, now.base + a, &pc, 4) && pc == now.pc;
}

/* A host may do more than one such instruction before it lets its guest go on; how many, its
 * table says, which may be wild. */
static void do_again(struct follower *f)
{
	uint64_t clock = table_clock(f);
	bool may = !f->no_hint;
	for (int i = 0; may && i < HINT_MOST && clock > machine_clock(f->bare); i++)
		may = stands_still(f->bare) && !follow_interrupt_due(f->bare) && f->run(f->self, 1);
}

bool follow_catch_up(struct follower *f, uint64_t direct, uint64_t direct_traps)
{
	uint64_t since = direct - f->pace.direct, seen = since + direct_traps - f->pace.direct_traps;
	if (f->exit.is && !follow_interrupted(f->exit.cause) && !tries_again(f, since))
		seen++;
	run_until(f, f->pace.events + seen);
	if (!settle(f) && !follow_hint(f))
		return false;
	do_again(f);
	follow_keep_pace(f, direct, direct_traps);
	return true;
}

void follow_keep_pace(struct follower *f, uint64_t direct, uint64_t direct_traps)
{
	f->pace = (struct pace){ events(f->bare), direct, direct_traps, table(f)->reflected, table_clock(f) };
}

int64_t follow_ahead(const struct follower *f, uint64_t direct, uint64_t direct_traps)
{
	return (int64_t)(events(f->bare) - f->pace.events - (direct - f->pace.direct) - (direct_traps - f->pace.direct_traps));
}

bool follow_to_exit(struct follower *f, uint64_t direct, uint64_t direct_traps, const char **what)
{
	run_until(f, f->pace.events + (direct - f->pace.direct) + (direct_traps - f->pace.direct_traps));
	*what = "pc";
	if (machine_psw(f->bare).pc != f->exit.real.pc)
		return false;
	for (unsigned x = 1; x < 32; x++) {
		*what = register_names[x];
		if (machine_register(f->bare, x) != f->exit.x[x])
			return false;
	}
	return true;
}
