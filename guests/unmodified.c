/* A supervisor as anybody would write it, with SSM, RDST, LRA and SPSW.  On a machine like
 * the x86, whose user mode executes these, it goes wrong under a monitor that
 * relies on their trapping.  Its twin is paravirtual.c.
 */
// expect-exit: 0
// expect-output: "10 checks, 0 failed, digest 8d7a3471\n"
#include "twins.h"

static uint32_t mask(uint32_t bits) { return ssm(bits); }
static uint32_t status(void) { return rdst(); }
static void timer_stopped(void) {}

static uint32_t real_address(uint32_t a)
{
	uint32_t real;
	__asm__ volatile("lra %0, %1" : "=r"(real) : "r"(a));
	return real;
}

static void save(struct psw *psw) { __asm__ volatile("spsw 0(%0)" : : "r"(psw) : "memory"); }
