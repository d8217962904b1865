/* Kernel: the same numbers sorted in three ways, which must agree. */
// expect-output: "4000 numbers from 253758 to 4294649320, digest fcaf744a\n"
#include "droste.h"

enum { N = 4000 };

static void fill(uint32_t *a)
{
	uint32_t x = 12345;
	for (int i = 0; i < N; i++)
		a[i] = x = x * 1664525 + 1013904223;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;
	*a = *b;
	*b = t;
}

static void quick_sort(uint32_t *a, int n)
{
	if (n < 2)
		return;
	uint32_t pivot = a[n / 2];
	int i = 0, j = n - 1;
	while (i <= j) {
		while (a[i] < pivot)
			i++;
		while (a[j] > pivot)
			j--;
		if (i <= j)
			swap(&a[i++], &a[j--]);
	}
	quick_sort(a, j + 1);
	quick_sort(a + i, n - i);
}

static void sift(uint32_t *a, int top, int n)
{
	for (int child; (child = 2 * top + 1) < n; top = child) {
		if (child + 1 < n && a[child + 1] > a[child])
			child++;
		if (a[top] >= a[child])
			return;
		swap(&a[top], &a[child]);
	}
}

static void heap_sort(uint32_t *a, int n)
{
	for (int i = n / 2; i-- > 0;)
		sift(a, i, n);
	while (n > 1) {
		swap(&a[0], &a[--n]);
		sift(a, 0, n);
	}
}

static void shell_sort(uint32_t *a, int n)
{
	for (int gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (int i = gap; i < n; i++)
			for (int j = i; j >= gap && a[j - gap] > a[j]; j -= gap)
				swap(&a[j - gap], &a[j]);
}

static uint32_t quick[N], heap[N], shell[N];

int main(void)
{
	fill(quick);
	fill(heap);
	fill(shell);
	quick_sort(quick, N);
	heap_sort(heap, N);
	shell_sort(shell, N);
	uint32_t digest = 0;
	for (int i = 0; i < N; i++) {
		digest = digest * 31 + quick[i];
		check(quick[i] == heap[i] && quick[i] == shell[i], "the three agree");
		check(i == 0 || quick[i - 1] <= quick[i], "it is sorted");
	}
	print("%d numbers from %lu to %lu, digest %08lx\n", N, quick[0], quick[N - 1], digest);
	return check_failures() != 0;
}
