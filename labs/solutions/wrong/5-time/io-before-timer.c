/* wrong: dispatcher.c
 * score: 97.17
 * message: only with IE on, the timer's if it is due, and before any line's
 *
 * Lines first, then the timer.
 */
void vm_reflect_interrupts(struct vm *vm)
{
	while (vm->state == VM_RUNNABLE && vm->psw.status & STATUS_IE) {
		if (vm->pending) {
			uint32_t line = lowest_bit(vm->pending);
			vm->pending &= vm->pending - 1;
			vm_reflect(vm, CAUSE_IO, DEVICE_CONSOLE << 16 | line);
		} else if (vm_timer_due(vm)) {
			vm_reflect(vm, CAUSE_TIMER, 0);
		} else {
			return;
		}
	}
}
