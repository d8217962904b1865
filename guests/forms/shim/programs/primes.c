/* How many primes there are below a number that is read, found the slow way: the same work as that of
 * guests/forms/workloads/primes.c.
 */

#include "../handles.h"

enum { DIGITS = 10 };

static uint32_t read_number(handle from)
{
	uint8_t digit;
	uint32_t n = 0, got;
	while (ReadFile(from, &got, &digit, 1) && got == 1 && digit >= '0' && digit <= '9')
		n = 10 * n + digit - '0';
	return n;
}

static uint32_t is_prime(uint32_t n)
{
	for (uint32_t d = 2; d * d <= n; d++)
		if (n % d == 0)
			return 0;
	return n >= 2;
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
	uint32_t most = read_number(StandardHandle(STANDARD_INPUT)), count = 0;
	for (uint32_t n = 2; n < most; n++)
		count += is_prime(n);
	write_number(out, count);
	WriteText(out, TEXT(" primes below "));
	write_number(out, most);
	WriteText(out, TEXT("\n"));
	return 0;
}
