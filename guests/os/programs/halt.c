/* halt [CODE]: stops the machine. */

#include "program.h"

int main(int argc, char **argv)
{
	return os_halt(argc > 1 ? atoi(argv[1]) : 0) < 0 ? complain("halt", "the machine") : 0;
}
