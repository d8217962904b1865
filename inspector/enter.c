/* To a machine's first instruction.  See enter.h. */

#include "enter.h"

struct goal {
	struct session *session;
	unsigned depth;
};

static bool reached(const struct goal *goal)
{
	unsigned n;
	return session_levels(goal->session, &n)[session_running(goal->session)].depth >= goal->depth;
}

static void on_turn(void *self, unsigned from)
{
	const struct goal *goal = self;
	(void)from;
	if (reached(goal))
		session_interrupt(goal->session);
}

void session_enter(struct session *s, unsigned depth, uint64_t most)
{
	struct goal goal = { s, depth };
	const struct witness witness = { &goal, NULL, on_turn };
	const struct motion motion = { .kind = MOVE_STEPS, .argument = most };
	if (reached(&goal))
		return;
	session_witness(s, &witness);
	session_move(s, &motion);
	session_witness(s, NULL);
}
