/* The product of two matrices of 48 x 48 words.  Checked with Freivalds' test:
 * (A B) v = A (B v), modulo 2^32.
 */

#include "kernel.h"

enum { N = 48 };

typedef uint32_t matrix[N][N];

static matrix a, b, c;

static __attribute__((noinline)) void multiply(matrix to, matrix x, matrix y)
{
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			uint32_t sum = 0;
			for (int k = 0; k < N; k++)
				sum += x[i][k] * y[k][j];
			to[i][j] = sum;
		}
	}
}

static void apply(uint32_t to[N], matrix x, const uint32_t v[N])
{
	for (int i = 0; i < N; i++) {
		to[i] = 0;
		for (int j = 0; j < N; j++)
			to[i] += x[i][j] * v[j];
	}
}

static int product_is_right(uint32_t *seed)
{
	uint32_t v[N], bv[N], abv[N], cv[N];
	for (int i = 0; i < N; i++)
		v[i] = arbitrary(seed);
	apply(bv, b, v);
	apply(abv, a, bv);
	apply(cv, c, v);
	for (int i = 0; i < N; i++)
		if (cv[i] != abv[i])
			return 0;
	return 1;
}

int kernel(unsigned rounds)
{
	uint32_t seed = 1;
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			a[i][j] = arbitrary(&seed);
			b[i][j] = arbitrary(&seed);
		}
	}
	for (unsigned round = 0; round < rounds; round++) {
		a[round % N][round / N % N] += round;
		multiply(c, a, b);
		if (!product_is_right(&seed))
			return 1;
	}
	return 0;
}
