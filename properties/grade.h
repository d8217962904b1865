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

/* What points are given for: a property, or PROPERTIES + a part of the rubric's tasks. */
#define GRADE_SECTIONS (PROPERTIES + PARTS_MOST)

/* A property on a guest, or on so many random ones; a task; or all that are hidden. */
struct grade_test {
	unsigned section;
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
	uint64_t submission_hash, rubric_hash, seed;
	struct grade_test *test;         /* from malloc: by section, then as the rubric has them */
	unsigned tests;
	struct task_part part[PARTS_MOST];
	unsigned sections;               /* properties, then parts */
	unsigned points[GRADE_SECTIONS], earned[GRADE_SECTIONS]; /* hundredths */
	unsigned total, total_earned;                            /* the same */
	bool capped[GRADE_SECTIONS];     /* a required guest failed: half at most */
	struct lesson *refused;          /* it is no monitor; or NULL */
	bool cut;                        /* grading was cut off: what is not decided has no points */
	struct efficiency efficiency;    /* over all guests that students may know of */
	struct level_trips nesting[GRADE_DEPTHS]; /* [n - 1]: privileged instructions of a guest at depth n */
	char nesting_guest[64];
	uint64_t work, budget;           /* what the guests that students may know of took, and what there was */
	bool revealed;                   /* not for students: hidden guests are shown */
};

/* What is graded, and how. */
struct grade_case {
	struct pack_monitor monitor, reference; /* path: as commands in reports name the monitor */
	const char *name;                /* of the submission */
	const char *refused;             /* why there is nothing to grade; NULL: there is */
	const struct rubric *rubric;
	struct task_case tasks;          /* where the tasks' files are; tasks.tasks is the rubric's */
	bool reveal;
	bool (*stopped)(void *self);     /* asked between tests; true: cut off */
	void *self;
};

/* False if out of memory.  Free it in any case. */
bool grade_run(struct grade *grade, const struct grade_case *c);
void grade_free(struct grade *grade);

/* Another test, empty.  NULL if out of memory. */
struct grade_test *grade_add_test(struct grade *grade, unsigned section);

/* XXH64 of what is submitted: the monitor, and the files that the tasks ask for. */
uint64_t grade_hash(const struct grade_case *c);

/* How reports call a section, and what it asks for. */
const char *grade_section_name(const struct grade *grade, unsigned section);
struct creed grade_section_creed(const struct grade *grade, unsigned section);

/* The rubric gives points for some property: a monitor is wanted. */
bool grade_wants_monitor(const struct rubric *rubric);

bool grade_full(const struct grade *grade);

#endif
