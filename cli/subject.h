/* What is inspected: see subject.c. */
#ifndef DROSTE_SUBJECT_H
#define DROSTE_SUBJECT_H

#include "cli.h"
#include "inspector/commands.h"

#define SYMBOL_FILES_MOST (DIRECTORY_ENTRIES + MONITORS_MOST + 1)

struct symbol_file {
	struct file file;
	struct symbols *symbols;
};

struct subject {
	struct plan plan;
	struct session *session;
	struct symbol_file file[SYMBOL_FILES_MOST];
	unsigned files;
	struct inspector inspector;
};

/* The machine that the options ask for, after IPL, its input waiting; disks are private
 * copies.  Complains and returns false if it cannot be made.  Use it where it stands. */
bool subject_open(struct subject *subject, const struct machine_options *options);
void subject_close(struct subject *subject);

#endif
