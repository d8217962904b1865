/* wrong: scheduler.c
 * score: 65.75
 * message: it runs with the real ones on
 *
 * The guest's own masks are loaded, so that it can shut the monitor out.
 */
static void resume(struct vm *vm)
{
	const uint32_t takes_timer = STATUS_IE | STATUS_TE;
	uint32_t timer = monitor.quantum;
	if ((vm->psw.status & takes_timer) == takes_timer && vm->psw.timer < timer)
		timer = vm->psw.timer;
	vm->timer_loaded = timer;
	monitor.running = vm;
	anchor.running = (uint32_t)(vm - monitor.vms);
	cells.registers = vm->x;
	cells.resume.pc = vm->psw.pc;
	cells.resume.status = STATUS_M | STATUS_TE | (vm->psw.status & STATUS_IE);
	vm_compose_r(vm, &cells.resume);
	cells.resume.timer = timer;
}
