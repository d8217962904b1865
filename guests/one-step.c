/* Between two traps exactly one instruction completes, once executed directly and once
 * emulated: neither is a trap storm.
 */
// expect-exit: 0
#include "droste.h"

void direct(void), emulated(void);

/* A load traps until its address, which the one instruction brings down, is legal. */
__asm__(".text\n"
        "direct:	addi	x31, x31, -4\n"
        "	lw	x30, 0(x31)\n"
        "	lpsw	0x60(x0)\n"
        "emulated:	rdst	x30\n"
        "	lw	x30, 0(x31)\n"
        "	halt	x0\n");

int main(void)
{
	const struct psw after = { (uint32_t)(uintptr_t)emulated, 0, 0, BOUND_ALL, 0 };
	*(struct psw *)(uintptr_t)0x60 = after;
	*cell(CELL_NEW_PSW) = (uint32_t)(uintptr_t)direct;
	register uint32_t address __asm__("x31") = storage_size + 64;
	__asm__ volatile("ecall" : "+r"(address));
	return 1;
}
