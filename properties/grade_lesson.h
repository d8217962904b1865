/* What a failed check teaches: which property, what happened, what a correct monitor does
 * there, and where to read on.  One table has every class of fault and the part of a
 * monitor that is wrong when it shows.  Called by grade.c; the texts stand in reports.
 */
#ifndef DROSTE_GRADE_LESSON_H
#define DROSTE_GRADE_LESSON_H

#include "properties/check.h"

/* What a property asks for, in the words of the paper as near as can be. */
struct creed {
	const char *sentence, *source;
};

extern const struct creed property_creeds[PROPERTIES];

/* A class of faults. */
struct fault {
	const char *name;
	unsigned properties;                     /* a bit each: of whose failures it can be */
	bool (*is)(const struct finding *finding);
	const char *part;                        /* of the monitor */
	const char *correct;                     /* what a correct monitor does there */
	const char *read;                        /* the section to read */
};

/* All text is from malloc, plain and safe to show; NULL where there is none. */
struct lesson {
	const struct fault *fault;
	char *what;                  /* one line */
	char *part, *correct;
	char *source;                /* "file:line" of the guest */
	char *again;                 /* the command that shows it again */
	char *open;                  /* the command that opens the moment */
	char *detail;                /* both states, as `droste check` shows them */
	struct divergence where;     /* if where.found */
};

/* monitor is its file's name, as commands give it. */
struct lesson *lesson_of(const struct finding *finding, const struct check_case *c, const char *monitor);

/* One that rests on no finding: a fault of this name, and what happened. */
struct lesson *lesson_named(const char *fault, const char *what);

void lesson_free(struct lesson *lesson);

#endif
