/* A program that its storage cannot hold: nothing of it is loaded, so the new PSW of
 * the reset is 0, and the machine stops.
 */
// memory: 1024
// expect-end: check-stop
#include "droste.h"

int main(void)
{
	static const char text[2048] = "more than there is room for";
	console_write(0, text, sizeof(text));
	return 0;
}
