/* A trap storm of interrupts: the new PSW has the timer due, so that every trap is
 * followed by a timer interrupt before any instruction completes.
 */
// expect-end: check-stop
// expect-output: "now\n"
#include "droste.h"

int main(void)
{
	print("now\n");
	*cell(CELL_NEW_PSW + offsetof(struct psw, status)) = STATUS_IE | STATUS_TE;
	*cell(CELL_NEW_PSW + offsetof(struct psw, timer)) = 0;
	__asm__ volatile("ecall");
	return 1;
}
