/* jail DIRECTORY KIB[:DISK] PROCESSES SHARE PROGRAM [ARGUMENT]...: shuts a program in, and what it starts.
 * DIRECTORY is its file tree; PROGRAM is found there.  It gets so much storage and, in KiB, so
 * much more of the disk, so many processes, and so many in a thousand of the processor's
 * instructions; 0: as many as there are.
 */

#include "program.h"

int main(int argc, char **argv)
{
	if (argc < 6) {
		fprintf(stderr, "usage: jail DIRECTORY KIB[:DISK] PROCESSES SHARE PROGRAM [ARGUMENT]...\n");
		return 125;
	}
	char *rest;
	struct jail_limits limits = { .storage = 1024 * strtoul(argv[2], &rest, 10), .processes = strtoul(argv[3], NULL, 10),
	                              .share = strtoul(argv[4], NULL, 10) };
	if (*rest == ':')
		limits.disk = 2 * strtoul(rest + 1, NULL, 10);
	if (os_jail(argv[1], &limits) < 0)
		return 124 + complain("jail", argv[1]);
	execv(argv[5], argv + 5);
	return 125 + complain("jail", argv[5]);
}
