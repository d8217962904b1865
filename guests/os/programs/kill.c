/* kill PID... */

#include "program.h"

int main(int argc, char **argv)
{
	int code = 0;
	for (int i = 1; i < argc; i++)
		if (os_kill(atoi(argv[i])) < 0)
			code = complain("kill", argv[i]);
	return code;
}
