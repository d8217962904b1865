/* Works while its own timer runs, with an expiry far away: others get their turn all the
 * same.
 */
// expect-exit: 0
#include "droste.h"

int main(void)
{
	stmr(0x7FFFFFFF);
	ssm(STATUS_IE | STATUS_TE);
	for (volatile int i = 0; i < 300000; i++)
		;
	ssm(0);
	return rtmr() > 0x7FFFFFFF - 300000;
}
