/* wrong: dispatcher.c
 * score: 36.19
 * message: old.pc is window's address, and then a slice is interpreted
 *
 * The window's trap is taken for a fault of the monitor's own.
 */
void dispatcher(void)
{
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (cells.old.status & STATUS_M) {
		charge(monitor.running);
		if (cause != CAUSE_TIMER && cause != CAUSE_IO)
			processor_run(monitor.running, 1);
	} else if (cause != CAUSE_IO) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	if (cause == CAUSE_IO)
		attention(tval & 0xFFFF);
	schedule();
}
