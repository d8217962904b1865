/* Waits for ever: nothing can end this WAIT, and the machine says so.
 */
// expect-end: disabled wait
// expect-output: "good night\n"
#include "droste.h"

int main(void)
{
	print("good night\n");
	ssm(STATUS_IE);
	wait_for_interrupt();
	print("good morning\n");
	return 1;
}
