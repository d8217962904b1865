/* A grade: a monitor judged by a rubric, each guest by itself, so that what fails costs
 * what it is worth and nothing else.  Points are hundredths and whole numbers, all limits
 * are steps: the same files give the same grade everywhere.  What a grade holds may be
 * shown to the student: hidden guests are in it as weight and property only, and all text
 * is plain.  Called by `droste grade` and by the reports.
 */
#ifndef DROSTE_GRADE_H
#define DROSTE_GRADE_H

#include "properties/grade_lesson.h"
#include "properties/rubric.h"

enum test_state { TEST_PASSED, TEST_PARTLY, TEST_FAILED, TEST_CUT };

extern const char *const test_state_names[];

/* A property on a guest, or on so many random ones; or on all hidden ones. */
struct grade_test {
	enum property property;
	char name[64];
	unsigned weight;
	unsigned earned;          /* hundredths of a point */
	unsigned worth;           /* the same, of all that the test can earn */
	enum test_state state;
	bool hidden, required;
	unsigned tried, passed;   /* random guests; 0: a program */
	char note[160];           /* why it is what it is, where a lesson would be too much; or empty */
	struct lesson *lesson;    /* or NULL */
};

#define GRADE_DEPTHS 5

struct grade {
	char name[96];                   /* of the submission, plain */
	char title[96];
	uint64_t monitor_hash, rubric_hash, seed;
	struct grade_test *test;         /* from malloc: by property, then as the rubric has them */
	unsigned tests;
	unsigned points[PROPERTIES], earned[PROPERTIES]; /* hundredths */
	unsigned total, total_earned;                    /* the same */
	bool capped[PROPERTIES];         /* a required guest failed: half at most */
	struct lesson *refused;          /* it is no monitor; or NULL */
	bool cut;                        /* grading was cut off: what is not decided has no points */
	struct efficiency efficiency;    /* over all guests that students may know of */
	struct level_trips nesting[GRADE_DEPTHS]; /* [n - 1]: privileged instructions of a guest at depth n */
	char nesting_guest[64];
	uint64_t steps;                  /* of real machines */
	bool revealed;                   /* not for students: hidden guests are shown */
};

/* What is graded, and how. */
struct grade_case {
	struct pack_monitor monitor, reference; /* path: as commands in reports name the monitor */
	const char *name;                /* of the submission */
	const char *refused;             /* why there is nothing to grade; NULL: there is */
	const struct rubric *rubric;
	bool reveal;
	bool (*stopped)(void *self);     /* asked between tests; true: cut off */
	void *self;
};

/* False if out of memory.  Free it in any case. */
bool grade_run(struct grade *grade, const struct grade_case *c);
void grade_free(struct grade *grade);

/* XXH64 of a monitor's file. */
uint64_t grade_hash(const struct pack_monitor *monitor);

bool grade_full(const struct grade *grade);

#endif
