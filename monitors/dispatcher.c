/* The dispatcher of monitors that do not let every VM use the real processor.  What
 * comes from a VM that does is charged and reflected: it ran in virtual user mode, so
 * every trap is its own.  Then, as long as the scheduler's choice must not run directly,
 * it is interpreted here; between two slices the real machine's interrupts get in by the
 * window.  In the place of monitor/dispatcher.c.
 */

#include "monitors.h"

struct monitor monitor;

void vm_reflect(struct vm *vm, enum cause cause, uint32_t tval) { processor_trap(vm, cause, tval); }

void vm_reflect_interrupts(struct vm *vm)
{
	if (vm->psw.status & STATUS_IE && (vm_timer_due(vm) || vm->pending))
		processor_interrupts(vm);
}

static void charge(struct vm *vm)
{
	vm->psw.pc = cells.old.pc;
	vm_completed(vm, vm->timer_loaded - cells.old.timer);
	vm->exits[cells.cause]++;
}

void dispatcher(void)
{
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (cells.old.status & STATUS_M) {
		charge(monitor.running);
		if (cause != CAUSE_TIMER && cause != CAUSE_IO)
			vm_reflect(monitor.running, cause, tval);
	} else if (cause != CAUSE_IO && cells.old.pc != (uint32_t)window) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	if (cause == CAUSE_IO)
		attention(tval & 0xFFFF);
	schedule();
}

static bool must_be_interpreted(const struct vm *vm)
{
	return vm && vm->state == VM_RUNNABLE && !vm_runs_directly(&vm->psw);
}

/* The linker gives these names to schedule as whoever calls it sees it, and to the
 * scheduler's own. */
void __wrap_schedule(void);
void __real_schedule(void);

void __wrap_schedule(void)
{
	__real_schedule();
	while (must_be_interpreted(monitor.running)) {
		processor_run(monitor.running);
		if (must_be_interpreted(monitor.running)) {
			cells.resume = (struct psw){ (uint32_t)window, STATUS_IE, 0, BOUND_ALL, 0 };
			return;
		}
		__real_schedule();
	}
}
