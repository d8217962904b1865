/* STMR and RTMR with interrupts off: the timer is read and set, and counts down or stands. */
// expect-output: "timer: 0 checks, 0 failed, digest 1c0c8414\n"
#include "calm.h"

int main(void)
{
	static const unsigned destinations[] = { 0, RD, RS1 };
	static const uint32_t statuses[] = { 0, STATUS_TE };
	for EACH(uint32_t, status, statuses)
		for EACH(unsigned, rd, destinations) {
			for EACH(uint32_t, value, calm_values)
				calm_try(*status, insn(OP_stmr, *rd, RS1, 0), *value, 0);
			calm_try(*status, insn(OP_rtmr, *rd, 0, 0), 0, 0);
		}
	print("timer: ");
	return check_report();
}
