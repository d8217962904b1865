/* A program for Linux that tries to get out of its storage: by the addresses that it passes, then by a
 * store of its own.
 */

#include "linux-start.h"

_Noreturn void begin(char **stack)
{
	(void)stack;
	for (uint32_t bit = 20; bit < 32; bit++)
		if (linux_call(LINUX_write, 1, UINT32_C(1) << bit, 4) >= 0 && bit > 24)
			leave(1);
	*(volatile uint32_t *)0xFFFFFF00 = 0;
	leave(2);
}
