/* A lab as its lab.json describes it: its number and title, the files that a student hands in,
 * what is graded, and its hints: for a test that fails, the lab's own words about where to look.
 * Called by `droste lab`.
 */
#ifndef DROSTE_LAB_H
#define DROSTE_LAB_H

#include "properties/grade.h"

#define LAB_FILES_MOST 16
#define LAB_HINTS_MOST 64

/* Said of a failed test when all that is given here is so; NULL: whatever it is. */
struct lab_hint {
	const char *property, *guest, *fault; /* the names of these */
	const char *instruction;              /* at which the machines part; as the disassembler has it */
	const char *differs;                  /* pc, status, clock or storage, of the two machines then; resumed: the guest was not
	                                       * resumed as its VM table has it */
	const char *say;
};

struct lab {
	unsigned number;
	const char *title;
	const char *hand_in[LAB_FILES_MOST + 1]; /* NULL ends them */
	const char *monitor;       /* below the student's folder, made there by make; NULL: none is graded */
	const char *made[LAB_FILES_MOST + 1]; /* likewise, at the top of the folder: graded too */
	struct lab_hint hint[LAB_HINTS_MOST];
	unsigned hints;
	struct json_t *document;   /* whose texts these are */
};

/* Refuses what is no such document.  Free it in any case. */
bool lab_parse(struct lab *lab, const void *text, size_t n, struct refusal *why);
void lab_free(struct lab *lab);

/* The first hint that fits a failed test; NULL: none does. */
const struct lab_hint *lab_find_hint(const struct lab *lab, const struct grade_test *test);

#endif
