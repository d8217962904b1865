/* What the files of `droste grade` share: grade.c parses and grades one submission,
 * grade_class.c a folder of them.
 */
#ifndef DROSTE_CLI_GRADE_H
#define DROSTE_CLI_GRADE_H

#include "cli.h"
#include "properties/grade.h"

/* What droste grade exits with. */
enum { GRADE_FULL, GRADE_LESS, GRADE_USAGE, GRADE_INFRASTRUCTURE };

struct grade_options {
	const char *monitor, *rubric, *out, *format, *json, *name, *class, *one, *roster;
	uint64_t jobs;
	bool reveal, exit_zero, merge, print_rubric, again;
};

/* ---- grade.c ------------------------------------------------------------ */

/* Grades a file, or what could not be read of it (refused says why), and writes what the
 * options ask for.  Returns the exit code. */
int grade_one(const struct grade_options *o, const char *path, const char *name, const char *refused);

/* The rubric that the options name.  Says what is wrong and returns an exit code, or 0. */
int grade_read_rubric(struct rubric *rubric, const struct grade_options *o);

/* The signal that asked to stop, or 0; grade_is_stopped is for struct grade_case. */
int grade_signal(void);
bool grade_is_stopped(void *self);
void grade_catch_signals(void);

/* Makes a folder, and those that it is in. */
bool grade_make_folder(const char *path, struct refusal *why);

/* ---- grade_class.c ------------------------------------------------------ */

int grade_class(const struct grade_options *o);
int grade_class_one(const struct grade_options *o);
int grade_merge(const struct grade_options *o);

#endif
