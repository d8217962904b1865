/* What the compiler may call of its own accord. */

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int value, size_t n);

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	char *t = to;
	const char *f = from;
	while (n-- > 0)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int value, size_t n)
{
	char *t = to;
	while (n-- > 0)
		*t++ = (char)value;
	return to;
}
