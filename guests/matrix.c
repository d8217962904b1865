/* Kernel: powers of an integer matrix, by multiplying and by squaring. */
// expect-output: "power 8: trace 874958935, digest 0b52a5af\n"
#include "droste.h"

enum { N = 24, POWER = 8 };

struct matrix {
	int32_t at[N][N];
};

static void multiply(struct matrix *product, const struct matrix *a, const struct matrix *b)
{
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			uint32_t sum = 0;
			for (int k = 0; k < N; k++)
				sum += (uint32_t)a->at[i][k] * (uint32_t)b->at[k][j];
			product->at[i][j] = (int32_t)sum;
		}
}

static struct matrix seed, one_by_one, squared, next;

int main(void)
{
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			seed.at[i][j] = (i * 7 + j * 13) % 19 - 9;

	one_by_one = squared = seed;
	for (int power = 1; power < POWER; power++) {
		multiply(&next, &one_by_one, &seed);
		one_by_one = next;
	}
	for (int power = 1; power < POWER; power *= 2) {
		multiply(&next, &squared, &squared);
		squared = next;
	}
	int32_t trace = 0;
	uint32_t digest = 0;
	for (int i = 0; i < N; i++) {
		trace += squared.at[i][i];
		for (int j = 0; j < N; j++) {
			digest = digest * 31 + (uint32_t)squared.at[i][j];
			check(one_by_one.at[i][j] == squared.at[i][j], "both ways agree");
		}
	}
	print("power %d: trace %ld, digest %08lx\n", POWER, trace, digest);
	return check_failures() != 0;
}
