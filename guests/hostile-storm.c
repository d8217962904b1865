/* A trap storm: the new PSW has bound 0, so the trap's own first fetch traps.
 * The machine stops, and is not kept busy for ever.
 */
// expect-end: check-stop
// expect-output: "now\n"
#include "droste.h"

int main(void)
{
	print("now\n");
	*cell(CELL_NEW_PSW + offsetof(struct psw, bound)) = 0;
	__asm__ volatile("ebreak");
	return 1;
}
