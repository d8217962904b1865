/* A guest that looks like a monitor, by its anchor, and is none: it is to be treated as
 * any other.  It does what monitors do most, LPSW, and reads the clock between.
 */
// expect-exit: 0
// expect-output: "2\n"
#include "droste.h"

static uint32_t time_of_lpsw(void)
{
	static struct psw next;
	uint64_t before[1], after[1];
	next = (struct psw){ 0, 0, 0, BOUND_ALL, 0 };
	__asm__ volatile("la	x31, 1f\n"
	                 "sw	x31, 0(%0)\n"
	                 "stck	0(%1)\n"
	                 "lpsw	0(%0)\n"
	                 "1:	stck	0(%2)\n" : : "r"(&next), "r"(before), "r"(after) : "x31", "memory");
	return (uint32_t)(*after - *before);
}

int main(void)
{
	*(struct anchor *)(uintptr_t)CELL_ANCHOR = (struct anchor){ ANCHOR_MAGIC, 0x2000, 0, sizeof(struct vm_entry), UINT32_MAX };
	print("%d\n", (int)time_of_lpsw());
	return time_of_lpsw() != 2;
}
