/* Waits in vain for input on an armed line, with interrupts off, after all of the
 * input has been read.
 */
// input: "last words"
// expect-end: disabled wait
// expect-output: "10 bytes, then none\n"
#include "droste.h"

int main(void)
{
	char bytes[64];
	size_t n = console_read(0, bytes, sizeof(bytes));
	print("%d bytes, then none\n", (int)n);
	console_read(0, bytes, sizeof(bytes));
	print("more\n");
	return 1;
}
