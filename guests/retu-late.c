/* A supervisor that is at work for long before it leaves for user mode by RETU: a monitor that interprets
 * virtual supervisor mode only for a while, and then lets it run directly, does not see that on a machine whose user mode
 * executes RETU.
 */
// expect-exit: 0
#include "droste.h"

static volatile uint32_t status;

void trap_handler(struct trap_frame *frame)
{
	status = frame->psw.status;
	frame->psw = (struct psw){ frame->x[31], 0, 0, BOUND_ALL, 0 };
}

int main(void)
{
	__asm__ volatile("la	x31, 2f\n"
	                 "la	x30, 1f\n"
	                 "li	x29, 20000\n"
	                 "0:	addi	x29, x29, -1\n"
	                 "bnez	x29, 0b\n"
	                 "retu	x30\n"
	                 "1:	ecall\n"
	                 "2:\n" : : : "x29", "x30", "x31", "memory");
	return status != STATUS_M;
}
