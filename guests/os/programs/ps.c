/* ps: the processes, where their storage is, and what they have used of the processor. */

#include "program.h"

int main(void)
{
	struct process_status table[32];
	int n = os_processes(table, 32);
	if (n < 0)
		return complain("ps", "processes");
	printf("  pid parent    base   bytes     ran name\n");
	for (int i = 0; i < n; i++)
		printf("%5ld %6ld %7lx %7lu %7lu %s%s\n", (long)table[i].pid, (long)table[i].parent,
		       (unsigned long)table[i].base, (unsigned long)table[i].size, (unsigned long)table[i].ran,
		       table[i].name, table[i].waiting ? " (waiting)" : "");
	return 0;
}
