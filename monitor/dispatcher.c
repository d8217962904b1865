/* The dispatcher, D: the top of the monitor.  Each trap of the machine beneath
 * is charged to the VM that ran, then emulated (a privileged instruction of its
 * supervisor), reflected (a trap that is the VM's own) or taken as ours (the
 * quantum's end, an attention).  The scheduler then resumes somebody.
 */

#include "monitor.h"

struct monitor monitor;

/* Takes the VM's progress from the old PSW: only pc and timer can have changed
 * while it ran, since whatever changes more has trapped. */
static void charge(struct vm *vm)
{
	vm->psw.pc = cells.old.pc;
	vm_completed(vm, vm->timer_loaded - cells.old.timer);
	vm->exits[cells.cause]++;
}

void vm_reflect(struct vm *vm, enum cause cause, uint32_t tval)
{
	struct trap_cells *virtual = vm_storage(vm, 0);
	virtual->old = vm->psw;
	virtual->cause = cause;
	virtual->tval = tval;
	vm->reflected++;
	if (vm->trapped) {
		vm_end(vm, VM_CHECK_STOPPED);
		return;
	}
	vm->psw = psw_normal(virtual->new);
	vm->trapped = 1;
}

static uint32_t lowest_bit(uint32_t bits)
{
	uint32_t n = 0;
	while (!(bits >> n & 1))
		n++;
	return n;
}

/* The new PSW may let the next interrupt in: then no instruction has completed,
 * and the VM check-stops. */
void vm_reflect_interrupts(struct vm *vm)
{
	while (vm->state == VM_RUNNABLE && vm->psw.status & STATUS_IE) {
		if (vm_timer_due(vm)) {
			vm_reflect(vm, CAUSE_TIMER, 0);
		} else if (vm->pending) {
			uint32_t line = lowest_bit(vm->pending);
			vm->pending &= vm->pending - 1;
			vm_reflect(vm, CAUSE_IO, DEVICE_CONSOLE << 16 | line);
		} else {
			return;
		}
	}
}

void dispatcher(void)
{
	struct vm *vm = monitor.running;
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (!vm != !(cells.old.status & STATUS_M)) {
		say("trapped in its own code, or idle and not by attention", NULL);
		check_stop_machine();
	}
	if (vm)
		charge(vm);
	if (cause == CAUSE_IO)
		attention(tval & 0xFFFF);
	else if (cause == CAUSE_PRIVILEGED && !(vm->psw.status & STATUS_M))
		interpret(vm, tval);
	else if (cause != CAUSE_TIMER)
		vm_reflect(vm, cause, tval);
	schedule();
}
