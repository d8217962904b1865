/* The same supervisor as unmodified.c, changed so that it runs under any monitor on
 * machines like the x86: it keeps what it would ask the machine for, and sets the mask
 * with LPSW, which traps in user mode everywhere.  It needs no monitor to know of it, and runs bare
 * as well.
 */
// expect-exit: 0
// expect-output: "10 checks, 0 failed, digest 8d7a3471\n"
#include "twins.h"

static volatile uint32_t bits_now; /* of the mask */

static void timer_stopped(void) { bits_now &= ~(uint32_t)STATUS_TE; }

/* Whatever interrupt comes before the LPSW leaves what is to be loaded as it is. */
static uint32_t mask(uint32_t bits)
{
	uint32_t old = bits_now;
	struct psw psw = { 0, bits, 0, BOUND_ALL, rtmr() };
	bits_now = bits;
	__asm__ volatile("la	t0, 1f\n"
	                 "sw	t0, 0(%0)\n"
	                 "lpsw	0(%0)\n"
	                 "1:" : : "r"(&psw) : "t0", "memory");
	return old;
}

static uint32_t status(void) { return bits_now; }
static uint32_t real_address(uint32_t a) { return a; }
static void save(struct psw *psw) { *psw = (struct psw){ 0, status(), 0, BOUND_ALL, rtmr() }; }
