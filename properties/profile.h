/* Profile files: a machine of a user's own, in a few lines of text.
 *
 *     # SMSW, as it was
 *     name    smsw                a word
 *     after   the 80286           the rest of the line; may be left out
 *     rdst    execute             what user mode does with a System instruction:
 *                                 an ACTION of machine/isa/profiles.def
 *     machine kseg                a FEATURE of it
 *
 * What is not named traps in user mode, as on the strict machine.  Called by the commands
 * that take --profile.
 */
#ifndef DROSTE_PROFILE_H
#define DROSTE_PROFILE_H

#include "machine/window.h"

/* Use it where it stands: the profile points into it. */
struct own_profile {
	struct profile profile;
	char name[32], after[80];
};

/* Refuses with LINE:COLUMN: and what is wrong there. */
bool profile_parse(struct own_profile *to, const char *text, size_t n, struct refusal *why);

/* A shipped profile, or NULL. */
const struct profile *profile_find(const char *name);

#endif
