/* A line stays armed, and an attention that is pending while interrupts are off stays so,
 * however long, and whatever others do meanwhile: other VMs have their turns, or end, before it
 * is waited for and let in.
 */
// input: "held"
// expect-exit: 0
// expect-output: "held: 6 checks, 0 failed, digest 24fcf994\n"
#include "world.h"

enum { LONGER_THAN_A_QUANTUM = 60000 };

int main(void)
{
	struct command_block arm = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	for (int round = 0; round < 3; round++) {
		check_equal(sio(&arm), CC_DONE, "arm");
		for (volatile int i = 0; i < LONGER_THAN_A_QUANTUM / 4; i++)
			;
		wait_for_interrupt(); /* at once, unless input is late */
		world_make(round & 1 ? STATUS_M | STATUS_IE : STATUS_IE, NULL, 0);
		world_expect(0, CAUSE_IO, DEVICE_CONSOLE << 16);
		world_check("attention held back");
	}
	print("held: ");
	return check_report();
}
