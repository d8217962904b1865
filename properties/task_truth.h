/* The questions whose answers Droste finds out by itself: one table, each with what kind of
 * answer it has, and where it comes from.  What the classifier tells of an instruction or of a profile is
 * behind this small door, since classify.h and check.h share names.
 */
#ifndef DROSTE_TASK_TRUTH_H
#define DROSTE_TASK_TRUTH_H

#include "machine/window.h"

enum truth_source { SOURCE_RUN, SOURCE_INSTRUCTION, SOURCE_PROFILE };
enum truth_type { TYPE_NUMBER, TYPE_WORD, TYPE_SET };

struct truth_kind {
	const char *name;        /* as rubrics spell it */
	enum truth_source source;
	enum truth_type type;
	int which;               /* the source's own number for it */
	const char *says;        /* completes "..., measured" or "whether ..." */
};

extern const struct truth_kind truth_kinds[]; /* ends with a name of NULL */

const struct truth_kind *truth_find(const char *name);

/* What a run can tell: truth_kind.which of SOURCE_RUN. */
enum run_quantity {
	RUN_EXITS, RUN_INSTRUCTIONS, RUN_PRIVILEGED, RUN_MACHINE, RUN_OWN, RUN_RATIO, RUN_SIO_RATIO, RUN_CLOCK, RUN_CODE, RUN_COST, RUN_END, RUN_FAILS,
};

/* The last machine asked about: questions of one come together, and each machine takes half a second. */
struct truth_memory {
	struct classification *kept;
};

/* The classifier's answer, in words that an answer can be compared with; for a set, the names of instructions
 * with spaces between.  False, and why, if it cannot be had. */
bool truth_classify(struct truth_memory *memory, const struct truth_kind *kind, const struct profile *profile, enum insn insn, bool ours,
                    char *to, size_t room, struct refusal *why);

void truth_forget(struct truth_memory *memory);

#endif
