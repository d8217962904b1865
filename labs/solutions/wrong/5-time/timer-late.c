/* wrong: scheduler.c
 * score: 81.64
 * message: resume() must load the lesser of the two
 *
 * The guest runs to the quantum's end, whatever its own timer says.
 */
static void resume(struct vm *vm)
{
	vm->timer_loaded = monitor.quantum;
	monitor.running = vm;
	anchor.running = (uint32_t)(vm - monitor.vms);
	cells.registers = vm->x;
	cells.resume.pc = vm->psw.pc;
	cells.resume.status = STATUS_M | STATUS_IE | STATUS_TE;
	vm_compose_r(vm, &cells.resume);
	cells.resume.timer = vm->timer_loaded;
}
