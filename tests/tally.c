/* Right and wrong counted.  See tally.h. */

#include "tally.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MOST = 1 << 20, PATHS = 32 };

static unsigned passed, failed;

void check(bool good, const char *format, ...)
{
	passed += good;
	failed += !good;
	if (good)
		return;
	va_list args;
	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
}

int tally_end(void)
{
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}

struct pack_monitor tally_read_monitor(const char *folder, const char *name)
{
	static char paths[PATHS][256];
	static unsigned n;
	char *path = paths[n++ % PATHS];
	snprintf(path, sizeof(paths[0]), "%s%s", folder, name);
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(FILE_MOST);
	size_t size = file && bytes ? fread(bytes, 1, FILE_MOST, file) : 0;
	if (size == 0) {
		fprintf(stderr, "%s: cannot read %s\n", program_invocation_short_name, path);
		exit(1);
	}
	fclose(file);
	return (struct pack_monitor){ bytes, size, path };
}
