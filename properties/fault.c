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

static bool same_but_time(const struct moment *a, const struct moment *b)
{
	return a->psw.pc == b->psw.pc && a->psw.status == b->psw.status && a->psw.base == b->psw.base &&
	       a->psw.bound == b->psw.bound && memcmp(a->x + 1, b->x + 1, 31 * sizeof(a->x[0])) == 0;
}

static bool ends_early(const struct divergence *d)
{
	return !d->direct && !d->came_back && d->bare.end == MACHINE_RUNNING && d->virtual.end != MACHINE_RUNNING;
}

static bool misses_check_stop(const struct divergence *d)
{
	return d->bare.end == MACHINE_CHECK_STOPPED && d->virtual.end != MACHINE_CHECK_STOPPED;
}

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

/* ---- a privileged instruction of the guest's supervisor ------------------- */

static bool memory_operand(enum insn insn)
{
	return insn == INSN_lpsw || insn == INSN_spsw || insn == INSN_sio || insn == INSN_stck;
}

static bool untimed(const struct divergence *d)
{
	bool late = d->bare.clock != d->virtual.clock || (d->bare.psw.timer != d->virtual.psw.timer && d->different == 0);
	return instruction(d) != INSN_wait && same_but_time(&d->bare, &d->virtual) && late;
}

static bool other_r(const struct divergence *d)
{
	return d->bare.psw.base != d->virtual.psw.base || d->bare.psw.bound != d->virtual.psw.bound;
}

static enum fault fault_of_routine(const struct divergence *d)
{
	enum insn insn = instruction(d);
	if (memory_operand(insn) && d->bare.trapped != d->virtual.trapped)
		return FAULT_OPERAND;
	return untimed(d)           ? FAULT_EMULATED_TIME
	       : other_r(d)         ? FAULT_VIRTUAL_R
	       : insn == INSN_sio   ? FAULT_VIRTUAL_DEVICE
	       : insn == INSN_wait  ? FAULT_VIRTUAL_WAIT
	                            : FAULT_ROUTINE;
}

/* ---- any step ------------------------------------------------------------ */

static enum fault fault_of_trap(const struct divergence *d)
{
	if (d->cause == CAUSE_TIMER || d->cause == CAUSE_IO)
		return FAULT_EARLY_INTERRUPT;
	if (d->cause == CAUSE_PRIVILEGED)
		return was_supervisor(d) && is_system(instruction(d)) ? fault_of_routine(d) : FAULT_USER_EMULATED;
	return d->cause == CAUSE_MEMORY && !d->bare.trapped ? FAULT_MEMORY_TRAP : FAULT_REFLECTED;
}

static bool timer_was_due(const struct divergence *d)
{
	return d->before.psw.status & STATUS_TE && d->before.psw.timer == 0;
}

/* Already at the first entry: then there is no step, but what the reset left. */
static enum fault fault_of_reset(const struct divergence *d)
{
	if (!d->came_back)
		return FAULT_NONE;
	return d->different > 0 && d->address < CELL_NEW_PSW ? FAULT_WRONG_RESET : FAULT_WRONG_BEGINNING;
}

enum fault fault_of_step(const struct divergence *d)
{
	if (!d->found)
		return FAULT_NONE;
	if (d->at_start)
		return fault_of_reset(d);
	if (misses_check_stop(d))
		return FAULT_NO_CHECK_STOP;
	if (ends_early(d))
		return FAULT_ENDS_EARLY;
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

static void put_place(char place, const struct divergence *d, FILE *to)
{
	enum insn insn = instruction(d);
	if (place == 'c')
		fputs(d->found ? isa_cause_names[d->cause] : "any", to);
	else if (place == 'e')
		fputs(is_system(insn) ? isa_insns[insn].effect : "see the manual", to);
	else if (place == 'r')
		fputs(is_system(insn) ? isa_insns[insn].name : "any", to);
	else if (insn < INSNS)
		put_upper(isa_insns[insn].name, to);
	else
		fputs("the instruction", to);
}

void fault_fill(const char *text, const struct divergence *d, FILE *to)
{
	for (; *text; text++) {
		if (*text == '%')
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
