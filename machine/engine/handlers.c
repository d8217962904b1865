/* The handlers: what the engine does for each instruction of the User ISA.
 * Reached only through slots (engine.h).  Each does exactly what the function
 * of the same name in execute.c does, or leaves before it has done anything.
 */

#include "handler.h"

struct slot *engine_plain(PARAMETERS)
{
	e->found = ip;
	TAIL leave_at(ARGUMENTS);
}

/* ---- straight instructions ---------------------------------------------- */

/* Both ways to go on from an instruction that does not jump. */
#define STRAIGHT(name, ...) \
	HANDLER(name)        { uint32_t v; DO(name, RS1); NEXT; } \
	HANDLER(name##_last) { uint32_t v; DO(name, RS1); ENTER(ip + 1); }

STRAIGHTS(STRAIGHT)

/* ---- stores near code --------------------------------------------------- */

/* True if a store to a marked granule concerns only its program after all: no
 * decoded word is hit, only data that stands beside code. */
static bool store_misses(const struct engine *e, const uint8_t *to, unsigned n)
{
	size_t real = (size_t)(to - e->m->storage), last = real + n - 1;
	const uint8_t *flags = e->m->granule_flags;
	return !((flags[real / WATCH_GRANULE] | flags[last / WATCH_GRANULE]) & GRANULE_WATCHED) &&
	       e->slots[real / 4].len == 0 && e->slots[last / 4].len == 0;
}

#define NEAR_CODE(name, type) \
	struct slot *engine_near_code_##name(PARAMETERS) \
	{ \
		uint32_t a = RS1 + IMM; \
		type value = (type)RS2; \
		LEAVE_IF(a >= limit || !store_misses(e, mem + a, sizeof(value))); \
		memcpy(mem + a, &value, sizeof(value)); \
		if (ip->len == 1) \
			ENTER(ip + 1); \
		NEXT; \
	}

STORES(NEAR_CODE)

/* ---- jumps -------------------------------------------------------------- */

#define BRANCH(name, alu) \
	HANDLER(name##_back)    { if (takes_##name(RS1, RS2)) JUMP_BACK; NEXT; } \
	HANDLER(name##_forward) { if (takes_##name(RS1, RS2)) JUMP_FORWARD; NEXT; } \
	HANDLER(name##_far)     { if (takes_##name(RS1, RS2)) JUMP_FAR(TARGET); NEXT; } \
	HANDLER(name##_far_end) { if (takes_##name(RS1, RS2)) JUMP_FAR(TARGET); ENTER(ip + 1); }

BRANCHES(BRANCH)

struct slot *engine_jump_back(PARAMETERS) { JUMP_BACK; }

HANDLER(jal)
{
	RD = engine_pc(e, ip) + 4;
	JUMP_FAR(TARGET);
}

HANDLER(jalr)
{
	uint32_t to = (RS1 + IMM) & ~UINT32_C(1);
	LEAVE_IF(to >= limit || to & 2);
	RD = engine_pc(e, ip) + 4;
	JUMP_FAR(e->first + to / 4);
}

/* ---- the tables --------------------------------------------------------- */

#define ROW(name, ...) [INSN_##name] = do_##name,
#define ROW_LAST(name, ...) [INSN_##name] = do_##name##_last,
#define ROW_BRANCH(name, ...) \
	[INSN_##name] = { do_##name##_back, do_##name##_forward, do_##name##_far, do_##name##_far_end },

handler *const engine_straight[INSNS] = { STRAIGHTS(ROW) [INSN_fence_i] = do_fence };
handler *const engine_last[INSNS] = { STRAIGHTS(ROW_LAST) [INSN_fence_i] = do_fence_last };
handler *const engine_jump[INSNS] = { ROW(jal, ) ROW(jalr, ) };
handler *const engine_branch[INSNS][REACHES] = { BRANCHES(ROW_BRANCH) };
