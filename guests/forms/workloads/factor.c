/* The highest factor of a number as the Manchester Baby found it (../baby.c): by trying every
 * number below, dividing by subtraction.
 */

#include "workload.h"

static bool divides(int32_t d, int32_t a)
{
	while (a >= 0)
		a -= d;
	return a + d == 0;
}

int main(void)
{
	int32_t a = (int32_t)read_number(), d = a - 1;
	while (d > 1 && !divides(d, a))
		d--;
	print("the highest factor of %ld is %ld\n", a, d);
	return 0;
}
