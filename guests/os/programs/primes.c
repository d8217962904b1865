/* primes N: how many there are below N, found the slow way: something to be preempted. */

#include "program.h"

static bool is_prime(unsigned n)
{
	for (unsigned d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return n >= 2;
}

int main(int argc, char **argv)
{
	unsigned most = argc > 1 ? (unsigned)atoi(argv[1]) : 1000, count = 0;
	for (unsigned n = 2; n < most; n++)
		count += is_prime(n);
	printf("%u primes below %u\n", count, most);
	return 0;
}
