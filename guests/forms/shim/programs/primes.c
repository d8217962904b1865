/* How many primes there are below 20000: the sieve of Eratosthenes. */

#include "handles.h"

enum { MOST = 20000, DIGITS = 8 };

static uint8_t crossed[MOST];

static uint32_t count(void)
{
	uint32_t n = 0;
	for (uint32_t p = 2; p < MOST; p++) {
		if (crossed[p])
			continue;
		n++;
		for (uint32_t multiple = p + p; multiple < MOST; multiple += p)
			crossed[multiple] = 1;
	}
	return n;
}

static void write_number(handle to, uint32_t value)
{
	uint16_t digits[DIGITS];
	uint32_t n = DIGITS;
	do
		digits[--n] = (uint16_t)('0' + value % 10);
	while ((value /= 10) > 0);
	WriteText(to, &(const struct text){ DIGITS - n, digits + n });
}

int main(void)
{
	handle out = StandardHandle(STANDARD_OUTPUT);
	write_number(out, count());
	WriteText(out, TEXT(" primes below "));
	write_number(out, MOST);
	WriteText(out, TEXT("\n"));
	return 0;
}
