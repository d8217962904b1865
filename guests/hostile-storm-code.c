/* A trap whose handler is no code: the new PSW points at the old PSW, which begins
 * with a pc and so with no instruction.
 */
// expect-end: check-stop
// expect-output: "now\n"
#include "droste.h"

int main(void)
{
	print("now\n");
	*cell(CELL_NEW_PSW + offsetof(struct psw, pc)) = CELL_OLD_PSW;
	__asm__ volatile(".word 0");
	return 1;
}
