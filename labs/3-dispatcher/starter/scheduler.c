/* The allocator for time: who runs next and for how long, what happens when nobody can, and
 * the end of the last VM, which becomes ours.  So far it runs each VM to its end, though our
 * own timer interrupts it now and then; a VM's timer never does.
 */

#include "monitor.h"

/* The real PSW: user mode, R composed, interrupts on, and our timer running, which
 * is far shorter than it need be, so that you see what its interrupt does. */
static void resume(struct vm *vm)
{
	vm->timer_loaded = 1000;
	monitor.running = vm;
	anchor.running = (uint32_t)(vm - monitor.vms);
	cells.registers = vm->x;
	cells.resume.pc = vm->psw.pc;
	cells.resume.status = STATUS_M | STATUS_IE | STATUS_TE;
	vm_compose_r(vm, &cells.resume);
	cells.resume.timer = vm->timer_loaded;
}
