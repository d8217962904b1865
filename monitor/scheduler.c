/* The allocator for time: who runs next and for how long, what happens when
 * nobody can, and the end of the last VM, which becomes ours.  Called by the
 * dispatcher at the end of every trip.
 */

#include "monitor.h"

/* In instructions.  It must far exceed the cost of a world switch, or the cost of
 * several VMs would grow exponentially with the depth. */
#define QUANTUM 50000
#define ALONE   UINT32_MAX /* nobody else wants to run */

static uint32_t idle_registers[32];

static struct vm *next_runnable(struct vm *after)
{
	struct vm *end = monitor.vms + DIRECTORY_ENTRIES, *vm = after ? after : end - 1;
	for (int i = 0; i < DIRECTORY_ENTRIES; i++) {
		if (++vm == end)
			vm = monitor.vms;
		if (vm->state == VM_RUNNABLE)
			return vm;
	}
	return NULL;
}

/* The real PSW: user mode, R composed, interrupts on, and the timer running to
 * the quantum's end, or to the VM's own interrupt if that comes first. */
static void resume(struct vm *vm)
{
	const uint32_t takes_timer = STATUS_IE | STATUS_TE;
	uint32_t timer = monitor.quantum;
	if ((vm->psw.status & takes_timer) == takes_timer && vm->psw.timer < timer)
		timer = vm->psw.timer;
	vm->timer_loaded = timer;
	monitor.running = vm;
	anchor.running = (uint32_t)(vm - monitor.vms);
	cells.registers = vm->x;
	cells.resume.pc = vm->psw.pc;
	cells.resume.status = STATUS_M | STATUS_IE | STATUS_TE;
	vm_compose_r(vm, &cells.resume);
	cells.resume.timer = timer;
}

static void resume_idle(void)
{
	monitor.running = NULL;
	anchor.running = (uint32_t)-1;
	cells.registers = idle_registers;
	cells.resume = (struct psw){ (uint32_t)idle, STATUS_IE, 0, BOUND_ALL, 0 };
}

static bool somebody_waits(void)
{
	for (struct vm *vm = monitor.vms; vm < monitor.vms + DIRECTORY_ENTRIES; vm++)
		if (vm->state == VM_WAITING)
			return true;
	return false;
}

/* Our end is that of the last VM.  Idle, with no line armed, is disabled wait. */
static void end_like(const struct vm *last)
{
	if (last->state == VM_HALTED)
		halt_machine(last->exit_code);
	if (last->state == VM_CHECK_STOPPED)
		check_stop_machine();
}

void schedule(void)
{
	struct vm *vm = monitor.running;
	do {
		if (!vm || vm->state != VM_RUNNABLE || monitor.quantum == 0) {
			vm = next_runnable(vm);
			if (!vm) {
				if (!somebody_waits())
					end_like(monitor.last);
				resume_idle();
				return;
			}
			monitor.quantum = next_runnable(vm) == vm ? ALONE : QUANTUM;
		}
		vm_reflect_interrupts(vm);
	} while (vm->state != VM_RUNNABLE);
	resume(vm);
}

void vm_wait(struct vm *vm)
{
	if (vm_may_wake(vm))
		vm->state = VM_WAITING;
	else
		vm_end(vm, VM_DISABLED_WAIT);
}

void vm_wake(struct vm *vm)
{
	if (vm->state != VM_WAITING)
		return;
	vm->state = VM_RUNNABLE;
	vm->psw.pc += 4;
	vm_completed(vm, 1);
	vm->emulated++;
	if (monitor.quantum > QUANTUM)
		monitor.quantum = QUANTUM;
}

void vm_end(struct vm *vm, enum vm_state end)
{
	vm->state = end;
	monitor.last = vm;
	vm_disarm(vm);
}
