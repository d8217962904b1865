/* A guest that tells whether it runs in a virtual machine.  droste.h has the System instructions as
 * functions: rdst(), ssm(), rtmr(), stck(), ...
 */

#include <stdio.h>

#include "droste.h"

/* LRA: the real address of a virtual one, as far as the machine says. */
static inline uint32_t lra(uint32_t address)
{
	uint32_t real;
	__asm__ volatile("lra %0, %1" : "=r"(real) : "r"(address) : "memory");
	return real;
}

static bool is_virtual(void)
{
	return (rdst() & STATUS_M) != 0 || lra(0) != 0;
}

int main(void)
{
	puts(is_virtual() ? "I am virtual." : "I see nothing but a machine.");
	return 0;
}
