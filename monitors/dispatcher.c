/* The dispatcher of monitors that do not let every VM use the real processor.  What
 * comes from a VM that does is charged, and the instruction that trapped is done once
 * more, in software: emulated, or trapping there as its own.  As long as the scheduler's
 * choice must not run directly, it is interpreted, a slice each time that the window has
 * let in the real machine's interrupts.  In the place of monitor/dispatcher.c.
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
			processor_run(monitor.running, 1);
	} else if (cause != CAUSE_IO && cells.old.pc == (uint32_t)window) {
		processor_run(monitor.running, 0);
	} else if (cause != CAUSE_IO) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	if (cause == CAUSE_IO)
		attention(tval & 0xFFFF);
	schedule();
}

/* The linker gives these names to schedule as whoever calls it sees it, and to the
 * scheduler's own. */
void __wrap_schedule(void);
void __real_schedule(void);

void __wrap_schedule(void)
{
	__real_schedule();
	struct vm *vm = monitor.running;
	uint32_t most = vm ? vm_direct(vm, &vm->psw) : ALL;
	if (most == 0)
		cells.resume = (struct psw){ (uint32_t)window, STATUS_IE, 0, BOUND_ALL, 0 };
	else if (most < cells.resume.timer)
		cells.resume.timer = vm->timer_loaded = most;
}
