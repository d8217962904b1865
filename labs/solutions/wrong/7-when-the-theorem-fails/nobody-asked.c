/* wrong: dispatcher.c
 * score: 97.95
 * message: a pointer that leads nowhere
 *
 * When all wait, there is no VM that vm_direct() could be asked of.
 */
void __wrap_schedule(void)
{
	__real_schedule();
	struct vm *vm = monitor.running;
	uint32_t most = vm_direct(vm, &vm->psw);
	if (most == 0)
		cells.resume = (struct psw){ (uint32_t)window, STATUS_IE, 0, BOUND_ALL, 0 };
	else if (most < cells.resume.timer)
		cells.resume.timer = vm->timer_loaded = most;
}
