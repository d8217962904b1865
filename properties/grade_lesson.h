/* What a failed check teaches: which property, what happened, what a correct monitor does
 * there, and where to read on.  What is said of each class of faults stands in faults.def.
 * Called by grade.c; the texts stand in reports.
 */
#ifndef DROSTE_GRADE_LESSON_H
#define DROSTE_GRADE_LESSON_H

#include "properties/check.h"

/* What a property asks for, in the words of the paper as near as can be. */
struct creed {
	const char *sentence, *source;
};

extern const struct creed property_creeds[PROPERTIES];

/* All text is from malloc, plain and safe to show; NULL where there is none. */
struct lesson {
	const struct fault_class *fault;
	char *what;                  /* one line */
	char *part, *ours, *correct; /* as the table of faults has them, filled */
	char *source;                /* "file:line" of the guest */
	char *wrote;                 /* the last that the monitor wrote for itself */
	char *again;                 /* the command that shows it again */
	char *open;                  /* the command that opens the moment */
	char *read;                  /* instead of the section of the table of faults */
	char *detail;                /* both states, as `droste check` shows them */
	struct divergence where;     /* if where.found */
	struct stray stray;          /* if stray.is: where the monitor itself came to */
};

/* monitor is its file's name, as commands give it. */
struct lesson *lesson_of(const struct finding *finding, const struct check_case *c, const char *monitor);

/* One that rests on no finding. */
struct lesson *lesson_named(enum fault fault, const char *what);

/* A property was not decided for a guest within a budget: it ended after so many steps of the real machine, if
 * the guest ran alone. */
struct lesson *lesson_over_budget(const char *what, const struct check_case *c, const struct guest *guest, enum property property,
                                  uint64_t steps, const char *monitor);

void lesson_free(struct lesson *lesson);

/* The same is to be said of both: they fail alike.  NULL is like nothing. */
bool lessons_agree(const struct lesson *a, const struct lesson *b);

/* It is of a file that is missing or cannot be read: once, however many tasks ask for it. */
bool lesson_is_of_file(const struct lesson *lesson);

/* The section to read. */
const char *lesson_read(const struct lesson *lesson);

#endif
