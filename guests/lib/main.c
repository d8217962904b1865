/* What start.S calls in programs without a C library: main, whose value is the
 * exit code.  libc.c has another for programs with one.
 */

#include "droste.h"

int main(int argc, char **argv);
int guest_main(void);

uint32_t storage_size;

int guest_main(void)
{
	static char *arguments[] = { "guest", NULL };
	return main(1, arguments);
}
