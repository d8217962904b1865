/* Kernel: the sieve of Eratosthenes. */
// expect-output: "5133 primes below 50000, the last 49999, their sum 121013308\n"
#include "droste.h"

enum { LIMIT = 50000 };

static bool composite[LIMIT];

int main(void)
{
	uint32_t count = 0, last = 0, sum = 0;
	for (uint32_t n = 2; n < LIMIT; n++) {
		if (composite[n])
			continue;
		count++;
		last = n;
		sum += n;
		for (uint32_t multiple = n * n; n < 224 && multiple < LIMIT; multiple += n)
			composite[multiple] = true;
	}
	print("%lu primes below %d, the last %lu, their sum %lu\n", count, LIMIT, last, sum);
	return 0;
}
