/* Programs of bare Linux calls: how they begin and what they say. */
#ifndef LINUX_START_H
#define LINUX_START_H

#include <stdint.h>

__asm__(".globl _start\n_start: mv a0, sp\n\tj begin");

_Noreturn void begin(char **stack); /* argc, then argv */

static inline int32_t linux_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
	register uint32_t a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return (int32_t)a0;
}

enum { LINUX_write = 64, LINUX_exit = 93 };

static inline _Noreturn void leave(uint32_t code)
{
	for (;;)
		linux_call(LINUX_exit, code, 0, 0);
}

#endif
