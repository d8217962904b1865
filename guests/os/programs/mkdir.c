/* mkdir DIRECTORY... */

#include "program.h"

int main(int argc, char **argv)
{
	int code = 0;
	for (int i = 1; i < argc; i++)
		if (mkdir(argv[i], 0777) < 0)
			code = complain("mkdir", argv[i]);
	return code;
}
