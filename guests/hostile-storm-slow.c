/* A trap storm that does not stop the machine: each trap's handler completes one
 * instruction before it traps again.  After many of them the handler that counts
 * takes over.
 */
// expect-output: "5000 traps\n"
#include "droste.h"

enum { TRAPS = 5000 };

void storm(void);

/* Counts in x31, and traps again until it has counted down. */
__asm__(".section .text.storm, \"ax\"\n"
        "storm:	addi	x31, x31, -1\n"
        "	beqz	x31, 1f\n"
        "	ecall\n"
        "1:	lpsw	0x60(x0)\n"
        ".text");

static void done(void)
{
	print("%d traps\n", TRAPS);
	halt(0);
}

int main(void)
{
	struct psw after = { (uint32_t)(uintptr_t)done, 0, 0, BOUND_ALL, 0 };
	*(struct psw *)(uintptr_t)0x60 = after;
	*cell(CELL_NEW_PSW) = (uint32_t)(uintptr_t)storm;
	register uint32_t count __asm__("x31") = TRAPS;
	__asm__ volatile("ecall" : "+r"(count));
	return 1;
}
