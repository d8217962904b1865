/* rm PATH...: takes away files, and directories that are empty. */

#include "program.h"

int main(int argc, char **argv)
{
	int code = 0;
	for (int i = 1; i < argc; i++)
		if (unlink(argv[i]) < 0)
			code = complain("rm", argv[i]);
	return code;
}
