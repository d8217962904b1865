/* grep [-v] TEXT [FILE]...: the lines that have TEXT in them; with -v, the others. */

#include "program.h"

static int search(FILE *from, const char *text, bool others)
{
	char line[256];
	int found = 1;
	while (fgets(line, sizeof(line), from))
		if ((strstr(line, text) == NULL) == others) {
			fputs(line, stdout);
			found = 0;
		}
	return found;
}

int main(int argc, char **argv)
{
	bool others = argc > 1 && strcmp(argv[1], "-v") == 0;
	int first = 1 + others, code = 1;
	if (argc <= first) {
		fprintf(stderr, "usage: grep [-v] TEXT [FILE]...\n");
		return 2;
	}
	if (argc == first + 1)
		return search(stdin, argv[first], others);
	for (int i = first + 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");
		if (!file)
			return 1 + complain("grep", argv[i]);
		code &= search(file, argv[first], others);
		fclose(file);
	}
	return code;
}
