/* wrong: dispatcher.c
 * score: 96.99
 * message: With them off no attention comes in
 *
 * No attention gets its turn while a guest's supervisor is at work.
 */
void __wrap_schedule(void)
{
	__real_schedule();
	struct vm *vm = monitor.running;
	uint32_t most = vm ? vm_direct(vm, &vm->psw) : ALL;
	if (most == 0)
		cells.resume = (struct psw){ (uint32_t)window, 0, 0, BOUND_ALL, 0 };
	else if (most < cells.resume.timer)
		cells.resume.timer = vm->timer_loaded = most;
}
