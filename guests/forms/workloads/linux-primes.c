/* primes.c as a program for Linux, of bare calls: linux-primes N. */

#include <stdbool.h>

#include "linux-start.h"

static bool is_prime(unsigned n)
{
	for (unsigned d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return n >= 2;
}

static char *put(char *at, const char *text)
{
	while (*text)
		*at++ = *text++;
	return at;
}

static char *put_number(char *at, unsigned n)
{
	if (n > 9)
		at = put_number(at, n / 10);
	*at = (char)('0' + n % 10);
	return at + 1;
}

static unsigned number(const char *text)
{
	unsigned n = 0;
	while (*text >= '0' && *text <= '9')
		n = 10 * n + (unsigned)(*text++ - '0');
	return n;
}

_Noreturn void begin(char **stack)
{
	unsigned most = number(stack[2]), count = 0;
	char line[48], *end = line;
	for (unsigned n = 2; n < most; n++)
		count += is_prime(n);
	end = put_number(end, count);
	end = put(end, " primes below ");
	end = put_number(end, most);
	end = put(end, "\n");
	linux_call(LINUX_write, 1, (uint32_t)(uintptr_t)line, (uint32_t)(end - line));
	leave(0);
}
