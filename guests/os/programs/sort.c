/* sort: the lines of its input, in order. */

#include "program.h"

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(void)
{
	char **lines = NULL, line[256];
	size_t n = 0;
	while (fgets(line, sizeof(line), stdin)) {
		char **more = realloc(lines, (n + 1) * sizeof(*lines));
		char *copy = strdup(line);
		if (!more || !copy)
			return complain("sort", "input");
		lines = more;
		lines[n++] = copy;
	}
	qsort(lines, n, sizeof(*lines), compare);
	for (size_t i = 0; i < n; i++)
		fputs(lines[i], stdout);
	return 0;
}
