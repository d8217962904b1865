/* Every trap but the reset comes here, from entry.S, with the registers saved in the
 * running process's context.  Ends in schedule, always.
 */

#include "kernel.h"

_Noreturn void trap(void);

static const char *const cause_names[CAUSES] = {
#define CAUSE(symbol, name, tval) [CAUSE_##symbol] = name,
#include "isa/causes.def"
};

/* The process, or its guest, has used some of its time. */
static void account(struct process *p)
{
	uint32_t used = p->given - (p->guest ? &p->guest_context : &p->context)->psw.timer;
	p->ran += used;
	jail_ran(p->jail, used);
	p->quantum -= used;
	if (p->guest && p->guest_timed)
		p->guest_left -= used;
}

/* A process did what it must not. */
static void punish(struct process *p, uint32_t cause, uint32_t tval)
{
	print("%s (%d): %s trap at %x, tval %x\n", p->name, (int)p->pid, cause_names[cause],
	      (unsigned)p->context.psw.pc, (unsigned)tval);
	process_end(p, 128 + (int32_t)cause);
}

_Noreturn void trap(void)
{
	uint32_t cause = *cell(CELL_CAUSE), tval = *cell(CELL_TVAL);
	struct process *p = running;
	if (!p)
		panic("a trap in the kernel");
	account(p);
	if (cause == CAUSE_IO)
		terminal_poll();
	else if (p->guest && (cause != CAUSE_TIMER || (p->guest_timed && p->guest_left == 0)))
		guest_leave(p, cause, tval);
	else if (cause == CAUSE_SVC)
		call_carry_out(p);
	else if (cause != CAUSE_TIMER)
		punish(p, cause, tval);
	schedule();
}
