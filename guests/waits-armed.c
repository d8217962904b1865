/* A line stays armed while others have their turns and end, and a wait for it is then one for
 * input.  Before that time passes, longer than a quantum, in a loop and in a WAIT, and is told
 * right, whatever came for others meanwhile.
 */
// memory: 16384
// expect-end: disabled wait
// expect-output: "35997 to go, then 0\n"
#include "droste.h"

enum { LOOPS = 12000, LONGER_THAN_A_QUANTUM = 60000 };

int main(void)
{
	struct command_block arm = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	sio(&arm);
	stmr(LONGER_THAN_A_QUANTUM);
	ssm(STATUS_TE);
	for (int i = 0; i < LOOPS; i++)
		__asm__ volatile("");
	uint32_t left = rtmr();
	wait_for_interrupt();
	ssm(0);
	print("%d to go, then %d\n", (int)left, (int)rtmr());
	wait_for_interrupt(); /* for input; if no more can come, for ever */
	return 1;
}
