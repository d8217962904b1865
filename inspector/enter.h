/* To where the program that one cares for begins: past what the monitors above it do first.
 * Called by the commands that start there.
 */
#ifndef DROSTE_ENTER_H
#define DROSTE_ENTER_H

#include "inspector/session.h"

/* Runs until a machine at this depth runs for the first time; if none ever does, to the
 * end, or to so many steps.  Takes the place of the session's witness. */
void session_enter(struct session *s, unsigned depth, uint64_t most);

#endif
