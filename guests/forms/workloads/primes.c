/* How many primes there are below a number, found the slow way: a program of the user's.  The same
 * as guests/os/programs/primes.c, linux-primes.c and primes.pas.
 */

#include "workload.h"

static bool is_prime(unsigned n)
{
	for (unsigned d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return n >= 2;
}

int main(void)
{
	unsigned most = read_number(), count = 0;
	for (unsigned n = 2; n < most; n++)
		count += is_prime(n);
	print("%u primes below %u\n", count, most);
	return 0;
}
