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
	const char *monitor, *submission, *rubric, *out, *format, *json, *name, *class, *one, *roster, *seal;
	uint64_t jobs;
	bool reveal, exit_zero, merge, print_rubric, again;
};

/* ---- grade.c ------------------------------------------------------------ */

/* What is handed in. */
struct handed_in {
	const char *name;
	const char *monitor;  /* its file */
	const char *refused;  /* why there is no monitor to read; NULL: there is one */
	const char *folder;   /* where the files are that a rubric's tasks ask for */
	bool found;           /* the monitor was found in that folder: it may not be a link out of it */
};

/* Grades what is handed in, and writes what the options ask for.  Returns the exit code. */
int grade_one(const struct grade_options *o, const struct handed_in *in);

/* All that grading needs, read. */
struct grade_work {
	struct grade_case c;
	struct rubric rubric;
	char *standard, *folder, *reference_path; /* of the standard set, the rubric, our own monitor */
	struct file monitor, reference;
	struct refusal why;
};

/* Says what is wrong and returns an exit code, or 0.  Use it where it stands, and close it in any case. */
int grade_open(struct grade_work *work, const struct grade_options *o, const struct handed_in *in);
void grade_close(struct grade_work *work);

/* Reads the rubric, and says what is wrong with it: an exit code, or 0. */
int grade_try_rubric(const struct grade_options *o);

/* The monitor in a folder: monitor.elf, or the only ELF file.  From malloc; NULL, and why, if there is none. */
char *grade_find_monitor(const char *folder, struct refusal *why);

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
