/* head [-N]: the first N lines of its input, or 10. */

#include "program.h"

int main(int argc, char **argv)
{
	char line[256];
	int n = argc > 1 ? -atoi(argv[1]) : 10;
	while (n-- > 0 && fgets(line, sizeof(line), stdin))
		fputs(line, stdout);
	return 0;
}
