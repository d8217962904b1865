/* wrong: dispatcher.c
 * score: 72.89
 * message: an interrupt comes in only while the virtual IE is 1
 *
 * The guest's mask is not looked at.
 */
void vm_reflect_interrupts(struct vm *vm)
{
	while (vm->state == VM_RUNNABLE) {
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
