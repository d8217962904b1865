/* Arms its line, with input waiting, over and over: the attention is pending at once,
 * whatever else happens at that moment.
 */
// input: "x"
// memory: 16384
// expect-exit: 0
#include "droste.h"

int main(void)
{
	static struct command_block arm = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	static struct command_block disarm = { DEVICE_CONSOLE, CONSOLE_DISARM, 0, 0, 0, 0 };
	for (int i = 0; i < 15000; i++) {
		sio(&arm);
		wait_for_interrupt(); /* ends at once */
		sio(&disarm);
	}
	return 0;
}
