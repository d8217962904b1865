/* sleep N: waits for N thousand instructions. */

#include "program.h"

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: sleep THOUSANDS-OF-INSTRUCTIONS\n");
		return 2;
	}
	os_sleep(1000 * strtoull(argv[1], NULL, 10));
	return 0;
}
