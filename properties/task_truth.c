/* What the classifier tells to tasks.  See task_truth.h; called by task.c. */

#include "task_truth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"

enum { ASK_PRIVILEGED = 100, ASK_SENSITIVE, ASK_USER_SENSITIVE, ASK_SENSITIVE_TO, ASK_BREAKS = 200 };

/* To add a question: a row, and in task.c or below where its answer comes from. */
const struct truth_kind truth_kinds[] = {
	{ "exits", SOURCE_RUN, TYPE_NUMBER, RUN_EXITS, "traps that the machine took" },
	{ "instructions", SOURCE_RUN, TYPE_NUMBER, RUN_INSTRUCTIONS, "instructions that the guest completed" },
	{ "privileged", SOURCE_RUN, TYPE_NUMBER, RUN_PRIVILEGED, "privileged instructions of the guest" },
	{ "level-instructions", SOURCE_RUN, TYPE_NUMBER, RUN_MACHINE, "instructions that the machine completed, those of its VMs among them" },
	{ "own-instructions", SOURCE_RUN, TYPE_NUMBER, RUN_OWN, "instructions of the machine's own software" },
	{ "exits-per-instruction", SOURCE_RUN, TYPE_NUMBER, RUN_RATIO, "exits of level 0 for each privileged instruction" },
	{ "exits-per-sio", SOURCE_RUN, TYPE_NUMBER, RUN_SIO_RATIO, "exits of level 0 for each SIO" },
	{ "clock", SOURCE_RUN, TYPE_NUMBER, RUN_CLOCK, "the guest's clock at its end" },
	{ "exit-code", SOURCE_RUN, TYPE_NUMBER, RUN_CODE, "the guest's exit code" },
	{ "cost", SOURCE_RUN, TYPE_NUMBER, RUN_COST, "instructions of level 0 for each of the bare run" },
	{ "end", SOURCE_RUN, TYPE_WORD, RUN_END, "how the guest ends" },
	{ "fails-properties", SOURCE_RUN, TYPE_SET, RUN_FAILS, "the properties that the monitor does not have with the guest" },
	{ "is-privileged", SOURCE_INSTRUCTION, TYPE_WORD, ASK_PRIVILEGED, "whether it is privileged" },
	{ "is-sensitive", SOURCE_INSTRUCTION, TYPE_WORD, ASK_SENSITIVE, "whether it is sensitive" },
	{ "is-user-sensitive", SOURCE_INSTRUCTION, TYPE_WORD, ASK_USER_SENSITIVE, "whether it is user sensitive" },
	{ "sensitive-to", SOURCE_INSTRUCTION, TYPE_SET, ASK_SENSITIVE_TO, "to what it is sensitive: control, mode, location" },
	{ "is-control-sensitive", SOURCE_INSTRUCTION, TYPE_WORD, PROPERTY_CONTROL, "whether it is control sensitive" },
	{ "is-mode-sensitive", SOURCE_INSTRUCTION, TYPE_WORD, PROPERTY_MODE, "whether it is mode sensitive" },
	{ "is-location-sensitive", SOURCE_INSTRUCTION, TYPE_WORD, PROPERTY_LOCATION, "whether it is location sensitive" },
	{ "is-clock-sensitive", SOURCE_INSTRUCTION, TYPE_WORD, PROPERTY_CLOCK, "whether it is clock sensitive" },
	{ "theorem-1", SOURCE_PROFILE, TYPE_WORD, THEOREM_1, "whether Theorem 1 holds" },
	{ "theorem-2", SOURCE_PROFILE, TYPE_WORD, THEOREM_2, "whether Theorem 2 holds" },
	{ "theorem-3", SOURCE_PROFILE, TYPE_WORD, THEOREM_3, "whether Theorem 3 holds" },
	{ "dx", SOURCE_PROFILE, TYPE_WORD, THEOREM_DX, "whether DX holds" },
	{ "dx-user", SOURCE_PROFILE, TYPE_WORD, THEOREM_DX_USER, "whether DX of virtual user mode holds" },
	{ "breaks-theorem-1", SOURCE_PROFILE, TYPE_SET, ASK_BREAKS + THEOREM_1, "the instructions that break Theorem 1" },
	{ "breaks-theorem-3", SOURCE_PROFILE, TYPE_SET, ASK_BREAKS + THEOREM_3, "the instructions that break Theorem 3" },
	{ "breaks-dx", SOURCE_PROFILE, TYPE_SET, ASK_BREAKS + THEOREM_DX, "the instructions that break DX" },
	{ 0 },
};

const struct truth_kind *truth_find(const char *name)
{
	const struct truth_kind *kind = truth_kinds;
	while (kind->name && (!name || strcmp(kind->name, name) != 0))
		kind++;
	return kind->name ? kind : NULL;
}

void truth_forget(struct truth_memory *memory)
{
	free(memory->kept);
	memory->kept = NULL;
}

static const struct classification *classified(struct truth_memory *memory, const struct profile *profile, struct refusal *why)
{
	const struct profile *kept = memory->kept ? &memory->kept->profile : NULL;
	if (kept && memcmp(kept->user, profile->user, sizeof(profile->user)) == 0 && kept->features == profile->features)
		return memory->kept;
	truth_forget(memory);
	return memory->kept = classify(profile, NULL, why);
}

static const char *instruction_word(const struct truth_kind *kind, const struct classified *c, enum classify_extent least)
{
	static const char *const privilege[] = {
		[PRIVILEGED_NO] = "no", [PRIVILEGED_PARTIALLY] = "partly", [PRIVILEGED_YES] = "yes", [PRIVILEGED_UNKNOWN] = "no",
	};
	switch (kind->which) {
	case ASK_PRIVILEGED:     return privilege[classify_privilege(c)];
	case ASK_SENSITIVE:      return classify_sensitive(c, least) ? "yes" : "no";
	case ASK_USER_SENSITIVE: return classify_user_sensitive(c, least) ? "yes" : "no";
	default:                 return classify_extent(c, (enum classify_property)kind->which) >= least ? "yes" : "no";
	}
}

/* The names of those that break a theorem. */
static bool list_breakers(const struct classification *all, enum classify_theorem theorem, enum classify_extent least, char *to, size_t room)
{
	size_t n = 0;
	*to = '\0';
	for (int insn = 0; insn < INSNS; insn++)
		if (classify_breaks(&all->any[insn], theorem, least) && n < room)
			n += (size_t)snprintf(to + n, room - n, "%s%s", n ? " " : "", isa_insns[insn].name);
	return n > 0;
}

/* In Popek and Goldberg's three ways. */
static void list_ways(const struct classified *c, enum classify_extent least, char *to, size_t room)
{
	size_t n = 0;
	*to = '\0';
	for (int way = PROPERTY_CONTROL; way <= PROPERTY_LOCATION; way++)
		if (classify_extent(c, (enum classify_property)way) >= least && n < room)
			n += (size_t)snprintf(to + n, room - n, "%s%s", n ? " " : "", classify_property_names[way]);
}

bool truth_classify(struct truth_memory *memory, const struct truth_kind *kind, const struct profile *profile, enum insn insn, bool ours,
                    char *to, size_t room, struct refusal *why)
{
	enum classify_extent least = ours ? EXTENT_OURS : EXTENT_REGISTERS;
	const struct classification *all = classified(memory, profile, why);
	if (!all)
		return false;
	if (kind->which == ASK_SENSITIVE_TO)
		list_ways(&all->any[insn], least, to, room);
	else if (kind->source == SOURCE_INSTRUCTION)
		snprintf(to, room, "%s", instruction_word(kind, &all->any[insn], least));
	else if (kind->type == TYPE_SET)
		list_breakers(all, (enum classify_theorem)(kind->which - ASK_BREAKS), least, to, room);
	else
		snprintf(to, room, "%s", list_breakers(all, (enum classify_theorem)kind->which, least, to, room) ? "fails" : "holds");
	return true;
}
