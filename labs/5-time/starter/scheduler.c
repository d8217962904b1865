/* The allocator for time: who runs next and for how long, what happens when nobody can, and
 * the end of the last VM, which becomes ours.  So far it runs each VM to its end, and no VM's
 * timer ever interrupts it.  All four steps of the handout of lab 5.
 */

#include "lab.h"

/* The real PSW: user mode, R composed, interrupts on, and the timer running.
 * Step 1: to the VM's own interrupt, if that can come at all; step 4: or to the quantum's end,
 * whichever is first. */
static void resume(struct vm *vm)
{
	vm->timer_loaded = ALONE;
	monitor.running = vm;
	anchor.running = (uint32_t)(vm - monitor.vms);
	cells.registers = vm->x;
	cells.resume.pc = vm->psw.pc;
	cells.resume.status = STATUS_M | STATUS_IE | STATUS_TE;
	vm_compose_r(vm, &cells.resume);
	cells.resume.timer = vm->timer_loaded;
}

static bool somebody_waits(void);

/* Lab 5, step 1: before a VM is resumed, the interrupts that it has due are reflected; that may end it.
 * Step 3: with nobody runnable and somebody waiting, the monitor is idle.
 * Step 4: the quantum. */
void schedule(void)
{
	struct vm *vm = monitor.running;
	if (!vm || vm->state != VM_RUNNABLE)
		vm = next_runnable(vm);
	if (!vm) {
		end_like(monitor.last);
		resume_idle();
		return;
	}
	resume(vm);
}

/* Lab 5, step 2: the VM is in WAIT, and nothing can end that yet.  vm_may_wake says if ever. */
void vm_wait(struct vm *vm)
{
	vm_end(vm, VM_DISABLED_WAIT);
}

/* Lab 5, step 3: attention has come for the VM.  If it was waiting, its WAIT completes: as a routine
 * would have completed it. */
void vm_wake(struct vm *vm)
{
	(void)vm;
}
