/* RETU to an odd address while the timer runs out: the interrupt comes before the first
 * instruction there, and its old PSW shows an address without the two low bits.
 */
// expect-exit: 0
#include "droste.h"

static volatile uint32_t pc = 1;

void trap_handler(struct trap_frame *frame)
{
	pc = frame->psw.pc;
	frame->psw = (struct psw){ frame->x[31], 0, 0, BOUND_ALL, 0 };
}

int main(void)
{
	__asm__ volatile("la	x31, 2f\n"
	                 "la	x30, 1f + 3\n"
	                 "li	x29, 1\n"      /* RETU counts it down, and no one before */
	                 "stmr	x0, x29\n"
	                 "li	x29, 6\n"
	                 "ssm	x0, x29\n"
	                 "retu	x30\n"
	                 "1:	nop\n"
	                 "j	1b\n"
	                 "2:\n" : : : "x29", "x30", "x31", "memory");
	return pc & 3;
}
