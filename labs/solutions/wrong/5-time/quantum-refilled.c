/* wrong: scheduler.c
 * score: 72.50
 * message: A quantum is filled when a turn begins, not on each exit
 *
 * Whoever traps often enough keeps the machine.
 */
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
		}
		monitor.quantum = next_runnable(vm) == vm ? ALONE : QUANTUM;
		vm_reflect_interrupts(vm);
	} while (vm->state != VM_RUNNABLE);
	resume(vm);
}
