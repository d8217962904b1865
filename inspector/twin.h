/* A session's twin: a bare machine as large as one of its guests, booted from the same disk and given
 * the same input, that follows the guest in step wherever the session goes.  It is a session of
 * its own, so that going back is going back for both; where it stood is part of each moment of the
 * session.  Only the session's own files call this; the door is session.h.
 */
#ifndef DROSTE_TWIN_H
#define DROSTE_TWIN_H

#include "inspector/follow.h"
#include "inspector/session.h"

/* What running changes; kept in moments. */
struct twin_place {
	uint64_t bare;           /* steps of the bare machine */
	size_t bare_given;       /* of what came from outside, how much has been passed on to it */
	size_t given;            /* so many of the session's events have been passed on, or are not for it */
	struct guest_exit exit;
	struct pace pace;
	uint64_t direct_traps;
	uint64_t compared;       /* the bare machine's instructions when storage was compared last */
	uint64_t entries;
	uint64_t agreed, parted; /* steps of the session */
	uint64_t whole;          /* and when storage and output agreed last, too */
	uint64_t told;           /* since then its VM table does not have the bare machine's PSW or clock; 0: it has */
	enum twin_state state;
	bool stored;             /* they differ in storage, first at: */
	uint32_t address;
	char what[TWIN_WHAT];
	char told_what[8];
};

struct twin {
	struct session *bare;    /* NULL: there is none */
	struct twin_wish wish;
	struct follower follow;
	struct twin_place place; /* but for exit and pace, which are in follow, and bare */
	bool away;               /* the bare machine does not stand where place says */
	bool pauses;             /* the session, where the guest is entered next */
};

/* After a moment has been restored; and what a new one keeps. */
void twin_restore(struct session *s, const struct twin_place *place);
struct twin_place twin_place(const struct session *s);

/* As things happen: the guest, or one in it, is left by a trap; another machine may run; it has taken a trap
 * itself; something has come from outside; a motion is over; what was known to come does not. */
void twin_on_exit(struct session *s, const struct psw *old, enum cause cause, uint32_t tval);
void twin_on_turn(struct session *s, unsigned ran);
void twin_on_own_trap(struct session *s, enum cause cause);
void twin_on_event(struct session *s, const struct event *event);
void twin_on_stop(struct session *s);
void twin_end_future(struct session *s);

/* From where a parting has shown, back to the first step after which they differ. */
void twin_locate(struct session *s);

#endif
