/* A long loop with interrupts off and the timer due all the while: nobody else may
 * have to wait for it, and it must not see the interrupt before it says so.
 */
// expect-output: "looped 1000000 times, then the timer\n"
#include "droste.h"

static volatile bool interrupted;

void trap_handler(struct trap_frame *frame)
{
	if (frame->cause != CAUSE_TIMER)
		trap_panic(frame);
	interrupted = true;
	frame->psw.status &= ~(uint32_t)STATUS_TE;
}

int main(void)
{
	stmr(1);
	ssm(STATUS_TE);
	uint32_t n = 0;
	while (n < 1000000)
		__asm__ volatile("addi %0, %0, 1" : "+r"(n));
	bool early = interrupted;
	ssm(STATUS_TE | STATUS_IE);
	print("looped %lu times, %s\n", n, early ? "interrupted" : interrupted ? "then the timer" : "no timer");
	return early || !interrupted;
}
