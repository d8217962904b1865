/* wc [FILE]...: lines, words and bytes. */

#include <ctype.h>

#include "program.h"

static void count(FILE *from, const char *name)
{
	unsigned long lines = 0, words = 0, bytes = 0;
	bool inside = false;
	for (int c; (c = getc(from)) != EOF; bytes++) {
		lines += c == '\n';
		words += !inside && !isspace(c);
		inside = !isspace(c);
	}
	printf("%7lu %7lu %7lu%s%s\n", lines, words, bytes, name ? " " : "", name ? name : "");
}

int main(int argc, char **argv)
{
	int code = 0;
	if (argc == 1)
		count(stdin, NULL);
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");
		if (!file) {
			code = complain("wc", argv[i]);
			continue;
		}
		count(file, argv[i]);
		fclose(file);
	}
	return code;
}
