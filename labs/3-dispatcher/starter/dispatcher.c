/* The dispatcher, D: the top of your monitor.  Each trap of the machine beneath arrives in
 * dispatcher(), below, with the registers of the VM that ran saved in its entry of the VM
 * table.  Steps 1 to 3 of the handout.
 */

#include "lab.h"

/* Step 3.  Takes the VM's progress from the old PSW.  What can have changed while the VM ran
 * directly is its pc and its time: cells.old has both.  The scheduler resumed it with a timer of
 * vm->timer_loaded, which each instruction counted down by 1; vm_completed (monitor.h) takes
 * the number of instructions.  Last, count the exit under its cause. */
static void charge(struct vm *vm)
{
	(void)vm;
	missing("charge(): dispatcher.c, step 3");
}

/* Step 1.  The trap is the VM's own: do to the virtual machine, in its own storage, what the
 * machine does when it traps (docs/machine.md, Traps).  vm_storage(vm, 0) is where the VM's trap
 * cells stand.  Mind the check-stop, for which vm_end ends the VM, and count the reflection. */
void vm_reflect(struct vm *vm, enum cause cause, uint32_t tval)
{
	(void)vm;
	(void)cause;
	(void)tval;
	missing("vm_reflect(): dispatcher.c, step 1");
}

/* Step 2.  Whose is this trap?  Charge the VM first.  A privileged instruction of the VM's
 * supervisor is interpreted; a timer interrupt is ours and nobody else's; any other trap is
 * reflected.  Then schedule() prepares the way back. */
void dispatcher(void)
{
	if (!(cells.old.status & STATUS_M)) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	missing("dispatcher(): dispatcher.c, step 2");
}
