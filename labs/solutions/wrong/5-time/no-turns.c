/* wrong: scheduler.c
 * score: 72.50
 * message: when the quantum is over, the next runnable VM has its turn
 *
 * A VM runs as long as it can.
 */
void schedule(void)
{
	struct vm *vm = monitor.running;
	do {
		if (!vm || vm->state != VM_RUNNABLE) {
			vm = next_runnable(vm);
			if (!vm) {
				if (!somebody_waits())
					end_like(monitor.last);
				resume_idle();
				return;
			}
		}
		if (monitor.quantum == 0)
			monitor.quantum = QUANTUM;
		vm_reflect_interrupts(vm);
	} while (vm->state != VM_RUNNABLE);
	resume(vm);
}
