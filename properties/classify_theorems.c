/* The theorems of Popek and Goldberg 1974 ('Virtual Machine Properties',
 * 'Recursive Virtualization', 'Hybrid Virtual Machines') over what classify found, and ours
 * over direct execution.  Called by droste classify and the tests.
 */

#include "classify.h"

#include <stdio.h>

const char *const classify_theorem_names[THEOREMS] = {
	"Theorem 1", "Theorem 2", "Theorem 3", "DX", "DX, virtual user mode",
};

const char *const classify_theorem_texts[THEOREMS] = {
	"every sensitive instruction is privileged: a monitor can be built",
	"and one without timing dependency, so that it can host itself",
	"every user sensitive instruction is privileged: a hybrid monitor can be built",
	"whatever runs directly does what the bare machine would do",
	"the same for virtual user mode only, which is all that a hybrid monitor runs directly",
};

/* ---- what breaks them --------------------------------------------------- */

static bool at_least(const struct classify_verdict *verdict, enum classify_extent least)
{
	return verdict->extent >= least;
}

/* Sensitive to bound, time or mask, of which the letter knows nothing. */
static bool reads_more(const struct classified *c, int mode)
{
	const struct classify_verdict *s = c->sensitive[mode];
	return s[PROPERTY_BOUND].extent || s[PROPERTY_CLOCK].extent || s[PROPERTY_MASK].extent;
}

/* Control or location sensitive in one mode: what Theorem 3 calls user (or supervisor)
 * sensitive. */
static bool sensitive_in(const struct classified *c, int mode, enum classify_extent least)
{
	const struct classify_verdict *s = c->sensitive[mode];
	return at_least(&s[PROPERTY_CONTROL], least) || at_least(&s[PROPERTY_LOCATION], least) ||
	       (least == EXTENT_OURS && reads_more(c, mode));
}

bool classify_sensitive(const struct classified *c, enum classify_extent least)
{
	return sensitive_in(c, 0, least) || sensitive_in(c, 1, least) || at_least(&c->sensitive[0][PROPERTY_MODE], least);
}

bool classify_user_sensitive(const struct classified *c, enum classify_extent least)
{
	return sensitive_in(c, 1, least);
}

bool classify_breaks(const struct classified *c, enum classify_theorem theorem, enum classify_extent least)
{
	bool privileged = classify_privilege(c) == PRIVILEGED_YES;
	switch (theorem) {
	case THEOREM_1:
	case THEOREM_2:       return !privileged && classify_sensitive(c, least);
	case THEOREM_3:       return !privileged && classify_user_sensitive(c, least);
	case THEOREM_DX:      return c->dx[0].extent || c->dx[1].extent;
	case THEOREM_DX_USER: return c->dx[1].extent != EXTENT_NONE;
	case THEOREMS:        break;
	}
	return false;
}

/* ---- where the letter and DX disagree ----------------------------------- */

struct text {
	char *to;
	size_t n, length;
	unsigned clauses;
};

static void say(struct text *text, const char *format, const char *what)
{
	const char *joint = text->clauses++ > 0 ? "; " : "";
	size_t left = text->n - text->length;
	int length = snprintf(text->to + text->length, left, "%s", joint);
	length += snprintf(text->to + text->length + (size_t)length, left - (size_t)length, format, what);
	text->length += (size_t)length;
}

/* What an instruction that is control sensitive only in our sense changes. */
static const char *changed(const struct classify_verdict *control)
{
	switch (control->difference.part) {
	case PART_MASK:   return "IE and TE";
	case PART_TIMER:  return "the timer";
	case PART_CLOCK:  return "the clock";
	case PART_DEVICE: return "a device";
	default:          return "whether the machine runs";
	}
}

/* The letter finds nothing: whatever breaks DX is no part of the paper's state. */
static void say_what_the_letter_misses(struct text *text, const struct classified *c, bool user_only)
{
	const struct classify_verdict *supervisor = c->sensitive[0], *user = c->sensitive[1];
	if (user[PROPERTY_MASK].extent)
		say(text, "it shows the real %s, which a monitor sets otherwise than its guest does", "IE and TE");
	if (user[PROPERTY_CLOCK].extent)
		say(text, "it shows the real %s, which runs on while the monitor works", "timer or clock");
	if (user[PROPERTY_BOUND].extent)
		say(text, "it shows the real %s, which a monitor must clamp", "bound");
	if (user[PROPERTY_CONTROL].extent)
		say(text, "user mode lets it change %s of the real machine", changed(&user[PROPERTY_CONTROL]));
	else if (!user_only && supervisor[PROPERTY_CONTROL].extent)
		say(text, "virtual supervisor mode expects it to change %s, which user mode leaves out without a trap",
		    changed(&supervisor[PROPERTY_CONTROL]));
	if (text->clauses == 0)
		say(text, "%s", "executed directly it traps, or ends, otherwise than on the bare machine");
	say(text, "%s", "the state of the paper has no such part");
}

bool classify_disagree(const struct classified *c, enum classify_theorem theorem, char *to, size_t n)
{
	bool user_only = theorem == THEOREM_3;
	bool letter = classify_breaks(c, theorem, EXTENT_REGISTERS);
	bool dx = classify_breaks(c, user_only ? THEOREM_DX_USER : THEOREM_DX, EXTENT_OURS);
	struct text text = { to, n, 0, 0 };
	if (letter == dx)
		return false;
	if (dx)
		say_what_the_letter_misses(&text, c, user_only);
	else
		say(&text, "%s", "sensitive, and not in every state privileged, but user mode traps in each state in which it "
		                 "would do otherwise than the bare machine: the theorem is sufficient, not necessary");
	return true;
}
