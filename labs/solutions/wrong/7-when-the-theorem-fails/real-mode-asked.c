/* wrong: dispatcher.c
 * score: 75.88
 * message: In virtual supervisor mode nothing may run directly
 *
 * The decision is asked of the real PSW, which always says user mode.
 */
void __wrap_schedule(void)
{
	__real_schedule();
	struct vm *vm = monitor.running;
	uint32_t most = vm ? vm_direct(vm, &cells.resume) : ALL;
	if (most == 0)
		cells.resume = (struct psw){ (uint32_t)window, STATUS_IE, 0, BOUND_ALL, 0 };
	else if (most < cells.resume.timer)
		cells.resume.timer = vm->timer_loaded = most;
}
