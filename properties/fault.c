/* Which class of faults the first differing step belongs to.  See fault.h. */

#include "fault.h"

#include <ctype.h>
#include <string.h>

#include "equivalence.h"

const struct fault_class fault_classes[FAULTS] = {
#define FAULT(symbol, name, part, ours, correct, read) [FAULT_##symbol] = { name, part, ours, correct, read },
#include "faults.def"
#undef FAULT
};

enum fault fault_of_violation(const struct violation *violation)
{
	static const enum fault classes[BREACHES] = {
		[BREACH_NONE] = FAULT_NONE,
		[BREACH_WINDOW] = FAULT_BEYOND_REGION,
		[BREACH_PROCESSOR] = FAULT_OWNS_PROCESSOR,
		[BREACH_MODE] = FAULT_REAL_SUPERVISOR,
		[BREACH_STORE] = FAULT_STORES_OUTSIDE,
		[BREACH_TRANSFER] = FAULT_TRANSFER,
	};
	return classes[violation->breach];
}

/* ---- what a step shows --------------------------------------------------- */

static enum insn instruction(const struct divergence *d) { return d->has_word ? isa_decode(d->word) : INSN_NONE; }
static bool is_system(enum insn insn) { return insn >= INSN_SYSTEM && insn < INSNS; }
static bool was_supervisor(const struct divergence *d) { return !(d->before.psw.status & STATUS_M); }

static bool ends_early(const struct divergence *d)
{
	return !d->direct && !d->came_back && d->bare.end == MACHINE_RUNNING && d->virtual.end != MACHINE_RUNNING;
}

static bool stops_for_nothing(const struct divergence *d)
{
	return !d->direct && d->bare.end != MACHINE_CHECK_STOPPED && d->virtual.end == MACHINE_CHECK_STOPPED;
}

static bool misses_check_stop(const struct divergence *d)
{
	return d->bare.end == MACHINE_CHECK_STOPPED && d->virtual.end != MACHINE_CHECK_STOPPED;
}

static bool other_registers(const struct divergence *d) { return memcmp(d->bare.x + 1, d->virtual.x + 1, 31 * sizeof(d->bare.x[0])) != 0; }

/* A register that the step does not write. */
static bool loses_register(const struct divergence *d)
{
	if (d->bare.trapped != d->virtual.trapped)
		return false;
	for (unsigned x = 1; x < 32; x++)
		if (d->bare.x[x] != d->virtual.x[x] && d->bare.x[x] == d->before.x[x] && (!d->has_word || isa_rd(d->word) != x))
			return true;
	return false;
}

/* ---- interrupts at the step's end ----------------------------------------- */

static bool interrupted(const struct moment *moment)
{
	return moment->trapped && (moment->cause == CAUSE_TIMER || moment->cause == CAUSE_IO);
}

static bool same_psw(const struct psw *a, const struct psw *b)
{
	return a->pc == b->pc && a->status == b->status && a->base == b->base && a->bound == b->bound;
}

/* One of the two has taken an interrupt, or both, and not the same or not in the same way. */
static enum fault fault_of_interrupt(const struct divergence *d)
{
	bool bare = interrupted(&d->bare), virtual = interrupted(&d->virtual);
	if (bare && virtual && (d->bare.cause != d->virtual.cause || d->bare.tval != d->virtual.tval))
		return FAULT_WRONG_INTERRUPT;
	if (bare && virtual)
		return same_psw(&d->bare.psw, &d->virtual.psw) ? FAULT_NONE : FAULT_REFLECTED;
	if (virtual)
		return d->virtual.cause == CAUSE_TIMER ? FAULT_EARLY_TIMER : FAULT_EARLY_ATTENTION;
	if (bare)
		return d->bare.cause == CAUSE_TIMER ? FAULT_NO_TIMER_INTERRUPT : FAULT_NO_ATTENTION;
	return FAULT_NONE;
}

/* ---- a privileged instruction of the guest's supervisor ------------------- */

static bool memory_operand(enum insn insn)
{
	return insn == INSN_lpsw || insn == INSN_spsw || insn == INSN_sio || insn == INSN_stck;
}

/* It is done, and the virtual pc is still at it.  WAIT, which may not be over, is another matter. */
static bool stays(const struct divergence *d)
{
	bool done = d->came_back && instruction(d) != INSN_wait && !d->bare.trapped && !d->virtual.trapped;
	return done && d->bare.psw.pc == d->before.psw.pc + 4 && d->virtual.psw.pc == d->before.psw.pc;
}

static bool untimed(const struct divergence *d)
{
	bool late = d->bare.clock != d->virtual.clock || (d->bare.psw.timer != d->virtual.psw.timer && d->different == 0);
	return same_psw(&d->bare.psw, &d->virtual.psw) && !other_registers(d) && late;
}

static bool other_r(const struct divergence *d)
{
	return d->bare.psw.base != d->virtual.psw.base || d->bare.psw.bound != d->virtual.psw.bound;
}

static bool same_but_r(const struct divergence *d)
{
	return d->bare.psw.pc == d->virtual.psw.pc && d->bare.psw.status == d->virtual.psw.status;
}

static enum fault fault_of_routine(const struct divergence *d)
{
	enum insn insn = instruction(d);
	if (d->virtual.trapped && d->virtual.cause == CAUSE_PRIVILEGED && !d->bare.trapped)
		return FAULT_SUPERVISOR_REFLECTED;
	if (memory_operand(insn) && (d->bare.trapped || d->virtual.trapped))
		return FAULT_OPERAND;
	if (d->virtual.x[0] != 0)
		return FAULT_X0;
	if (stays(d))
		return FAULT_PC_STAYS;
	if (untimed(d))
		return insn == INSN_wait ? FAULT_WAIT_TIME : FAULT_EMULATED_TIME;
	if (other_r(d) && insn != INSN_wait)
		return insn == INSN_lpsw && !same_but_r(d) ? FAULT_OPERAND : FAULT_VIRTUAL_R;
	return insn == INSN_sio         ? FAULT_VIRTUAL_DEVICE
	       : insn == INSN_wait      ? FAULT_VIRTUAL_WAIT
	       : insn == INSN_lra       ? FAULT_LRA
	       : insn == INSN_spsw      ? FAULT_PSW_SHOWN
	       : memory_operand(insn)   ? FAULT_OPERAND_PLACE
	                                : FAULT_ROUTINE;
}

/* ---- any step ------------------------------------------------------------ */

/* Both were taken, and nothing but the timer stored with the old PSW is not the same. */
static bool saved_other_timer(const struct divergence *d)
{
	const uint32_t at = offsetof(struct psw, timer);
	return d->bare.trapped && d->virtual.trapped && same_psw(&d->bare.psw, &d->virtual.psw) && !other_registers(d) &&
	       d->different > 0 && d->different <= 4 && d->address == at;
}

/* The guest got a trap for this very instruction, right or wrong; but not for its operand, which nobody was to look at. */
static bool reflected_here(const struct divergence *d)
{
	return d->virtual.trapped && d->virtual.old_pc == d->before.psw.pc && d->virtual.cause != CAUSE_MEMORY;
}

/* What the guest may not even fetch, it has executed: the real R gives more than the virtual one. */
static bool fetched_beyond(const struct divergence *d)
{
	return !d->has_word && d->bare.trapped && d->bare.cause == CAUSE_MEMORY && d->cause != CAUSE_MEMORY;
}

static enum fault fault_of_trap(const struct divergence *d)
{
	if (saved_other_timer(d))
		return FAULT_SAVED_TIMER;
	if (d->cause == CAUSE_TIMER)
		return FAULT_EARLY_TIMER;
	if (d->cause == CAUSE_IO)
		return FAULT_EARLY_ATTENTION;
	if (fetched_beyond(d))
		return FAULT_DIRECT_WRONG;
	if (d->cause == CAUSE_PRIVILEGED && was_supervisor(d) && is_system(instruction(d)))
		return fault_of_routine(d);
	if (d->cause == CAUSE_PRIVILEGED && !reflected_here(d))
		return FAULT_USER_EMULATED;
	return d->cause == CAUSE_MEMORY && !d->bare.trapped ? FAULT_MEMORY_TRAP : FAULT_REFLECTED;
}

static bool timer_was_due(const struct divergence *d)
{
	return d->before.psw.status & STATUS_TE && d->before.psw.timer == 0;
}

static bool resumed_elsewhere(const struct divergence *d) { return d->stale && d->virtual.psw.pc != d->bare.psw.pc; }

/* Already at the first entry: then there is no step, but what the reset left. */
static enum fault fault_of_reset(const struct divergence *d)
{
	if (!d->came_back)
		return FAULT_NONE;
	if (d->different > 0)
		return d->address < CELL_NEW_PSW ? FAULT_WRONG_RESET : FAULT_WRONG_BEGINNING;
	return other_registers(d) ? FAULT_LOST_REGISTER : FAULT_WRONG_BEGINNING;
}

enum fault fault_of_step(const struct divergence *d)
{
	if (!d->found)
		return FAULT_NONE;
	if (d->at_start)
		return fault_of_reset(d);
	if (misses_check_stop(d))
		return FAULT_NO_CHECK_STOP;
	if (stops_for_nothing(d))
		return FAULT_CHECK_STOP;
	if (ends_early(d))
		return instruction(d) == INSN_wait ? FAULT_VIRTUAL_WAIT : FAULT_ENDS_EARLY;
	if (resumed_elsewhere(d))
		return FAULT_RESUMED_ELSEWHERE;
	enum fault fault = fault_of_interrupt(d);
	if (fault)
		return fault;
	if (loses_register(d))
		return FAULT_LOST_REGISTER;
	if (d->interrupt)
		return timer_was_due(d) ? FAULT_NO_TIMER_INTERRUPT : FAULT_NO_ATTENTION;
	if (d->direct)
		return is_system(instruction(d)) ? FAULT_PRIVILEGED_LET : FAULT_DIRECT_WRONG;
	return fault_of_trap(d);
}

/* ---- texts --------------------------------------------------------------- */

static void put_upper(const char *name, FILE *to)
{
	for (; *name; name++)
		fputc(toupper((unsigned char)*name), to);
}

/* Of what the guest was given, or should have been: an interrupt at the step's end comes after the trap that served it. */
static const char *cause_name(const struct divergence *d)
{
	return !d->found ? "any" : isa_cause_names[interrupted(&d->bare) ? d->bare.cause : d->cause];
}

static void put_place(char place, const struct divergence *d, FILE *to)
{
	enum insn insn = instruction(d);
	if (place == 'c')
		fputs(cause_name(d), to);
	else if (place == 'e')
		fputs(is_system(insn) ? isa_insns[insn].effect : "see the manual", to);
	else if (place == 'r')
		fputs(is_system(insn) ? isa_insns[insn].name : "any", to);
	else if (insn < INSNS)
		put_upper(isa_insns[insn].name, to);
	else
		fputs("the instruction", to);
}

/* The routine of no instruction in particular is any of them. */
void fault_fill(const char *text, const struct divergence *d, FILE *to)
{
	static const char routine[] = "ROUTINE(%r)";
	const size_t length = sizeof(routine) - 1;
	for (; *text; text++) {
		if (strncmp(text, routine, length) == 0 && !is_system(instruction(d))) {
			fputs("any of the routines", to);
			text += length - 1;
		} else if (*text == '%')
			put_place(*++text, d, to);
		else
			fputc(*text, to);
	}
}

char *fault_filled(const char *text, const struct divergence *d)
{
	char *filled = NULL;
	size_t n;
	FILE *to = open_memstream(&filled, &n);
	if (to) {
		fault_fill(text, d, to);
		fclose(to);
	}
	return filled;
}
