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
	const struct machine_options *options;
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

/* The file that a place has booted from; NULL: none of those known. */
const struct symbol_file *subject_file(const struct subject *subject, const struct place *place);

/* The inspector's compare: the first image under its monitors against the bare machine, from
 * the beginning; goes to where they part.  self is a subject. */
void subject_compare(void *self, struct inspector *inspector, uint64_t steps, struct answer *answer);

#endif
