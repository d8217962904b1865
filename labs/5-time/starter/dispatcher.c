/* The dispatcher, D: the top of the monitor.  Each trap of the machine beneath is charged to
 * the VM that ran, then emulated (a privileged instruction of its supervisor) or reflected (a
 * trap that is the VM's own).  The scheduler then resumes somebody.  Steps 1 and 3 of the handout
 * of lab 5 bring in interrupts.
 */

#include "lab.h"

static uint32_t lowest_bit(uint32_t bits);

/* Lab 5, step 1.  Reflects the interrupts that the VM has due (the timer's first: vm_timer_due;
 * then its lowest pending line) as long as its IE lets them in.  The new PSW may let in the
 * next one. */
void vm_reflect_interrupts(struct vm *vm)
{
	(void)vm;
}

/* Lab 5, step 3: attention from a console line arrives here, too (cause 8, the line in tval),
 * even when no VM ran. */
void dispatcher(void)
{
	struct vm *vm = monitor.running;
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (!(cells.old.status & STATUS_M)) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	charge(vm);
	if (cause == CAUSE_PRIVILEGED && !(vm->psw.status & STATUS_M))
		interpret(vm, tval);
	else if (cause != CAUSE_TIMER)
		vm_reflect(vm, cause, tval);
	schedule();
}
