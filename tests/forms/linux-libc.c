/* A Linux program in ordinary C: formatted output, the heap, sorting, files. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void sort(int n)
{
	int *numbers = malloc((size_t)n * sizeof(*numbers)), seed = 1;
	for (int i = 0; i < n; i++)
		numbers[i] = (int)((unsigned)(seed = (seed * 1103 + 12345) % 65536));
	qsort(numbers, (size_t)n, sizeof(*numbers), compare);
	printf("%d numbers from %d to %d, in the middle %5.1f\n", n, numbers[0], numbers[n - 1],
	       (numbers[n / 2] + numbers[n / 2 - 1]) / 2.0);
	free(numbers);
}

static int file(const char *path)
{
	char line[80];
	FILE *to = fopen(path, "w");
	if (!to)
		return printf("cannot write\n");
	for (int i = 1; i <= 200; i++)
		fprintf(to, "line %03d of a file that is longer than one sector\n", i);
	fclose(to);
	FILE *from = fopen(path, "r");
	int n = 0;
	while (from && fgets(line, sizeof(line), from))
		n++;
	printf("%d lines, the last: %s", n, line);
	fclose(from);
	unlink(path);
	return printf("%s\n", fopen(path, "r") ? "still there" : "gone");
}

int main(int argc, char **argv)
{
	printf("%d arguments; %s\n", argc, argc > 1 ? argv[1] : "none");
	sort(5000);
	file(argc > 1 ? argv[1] : "linux-libc.tmp");
	return 7;
}
