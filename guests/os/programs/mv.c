/* mv FILE NEW: another name for a file; what had it is gone. */

#include "program.h"

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: mv FILE NEW\n");
		return 2;
	}
	return rename(argv[1], argv[2]) < 0 ? complain("mv", argv[1]) : 0;
}
