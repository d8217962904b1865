/* The witness's start-up and way out as a Linux program: system calls 64 (write) and
 * 93 (exit).
 */

#include <stddef.h>

void put(const char *text, size_t n);
int main(void);
_Noreturn void _start(void);

static long system_call(long number, long a, const void *b, long c)
{
	register long a7 __asm__("a7") = number, a0 __asm__("a0") = a, a2 __asm__("a2") = c;
	register const void *a1 __asm__("a1") = b;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
}

void put(const char *text, size_t n) { system_call(64, 1, text, (long)n); }

void _start(void)
{
	system_call(93, main(), NULL, 0);
	__builtin_unreachable();
}
