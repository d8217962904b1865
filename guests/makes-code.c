/* A program that makes its code, and goes on into it without a jump: nobody could have looked
 * at the instruction before.
 */
// expect-output: "the status is 0\n"
#include "droste.h"

#define RDST_A0 0x0A00450B

/* The NOP becomes an RDST while it is the next instruction. */
static uint32_t made(void)
{
	register uint32_t a0 __asm__("a0") = 0;
	__asm__ volatile("la	t0, 1f\n"
	                 "	sw	%1, 0(t0)\n"
	                 "1:	nop" : "+r"(a0) : "r"(RDST_A0) : "t0", "memory");
	return a0;
}

int main(void)
{
	uint32_t status = made();
	print("the status is %lu\n", status);
	return status != 0;
}
