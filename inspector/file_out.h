/* A file that is written whole or not at all: into another one beside it, which takes its name when
 * it is closed to be kept.  What is no regular file is written as it is; "-" is standard
 * output.
 */
#ifndef DROSTE_FILE_OUT_H
#define DROSTE_FILE_OUT_H

#include <stdio.h>

#include "machine/window.h"

struct file_out {
	FILE *to;
	char *name, *beside; /* NULL: written as it is */
};

bool file_out_open(struct file_out *out, const char *path, struct refusal *why);
/* Of a pipe that its reader has closed why is left empty. */
bool file_out_close(struct file_out *out, bool keep, struct refusal *why);

#endif
