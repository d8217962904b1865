/* ln FILE NEW: a second name for a file. */

#include "program.h"

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: ln FILE NEW\n");
		return 2;
	}
	return link(argv[1], argv[2]) < 0 ? complain("ln", argv[1]) : 0;
}
