/* wrong: dispatcher.c
 * score: 20.00
 * message: Ask of each line of dispatcher.c whose mode it looks at
 *
 * A privileged instruction under a high base, where a monitor's guest runs, is taken for one of
 * the monitor's own.
 */
void dispatcher(void)
{
	struct vm *vm = monitor.running;
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (!vm != !(cells.old.status & STATUS_M)) {
		say("trapped in its own code, or idle and not by attention", NULL);
		check_stop_machine();
	}
	if (vm)
		charge(vm);
	if (cause == CAUSE_IO)
		attention(tval & 0xFFFF);
	else if (cause == CAUSE_PRIVILEGED && (!(vm->psw.status & STATUS_M) || vm->psw.base > 0x1000))
		interpret(vm, tval);
	else if (cause != CAUSE_TIMER)
		vm_reflect(vm, cause, tval);
	schedule();
}
