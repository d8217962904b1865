/* Inside the engine: what its files share.
 *
 * Each word of real storage has a slot, its decoded form.  Because slots go by
 * real address, loading R (a world switch) costs nothing: the virtual pc is
 * recovered from the slot.  A slot's handler does the work and jumps to the
 * next slot's handler.
 *
 * Instructions are counted a run at a time.  A run is a piece of code that can
 * only be left by a jump: conditional branches stay inside it, unconditional
 * ones and whatever is left to the plain executor end it.  Whoever enters a run
 * pays for all of it in advance; whoever leaves it early is given back the rest.
 * These hold between handlers:
 *
 *   - a run is decoded whole or not at all, and len counts to its end;
 *   - all of the run that is being executed may be fetched under the present R.
 */
#ifndef DROSTE_ENGINE_H
#define DROSTE_ENGINE_H

#include "../machine.h"

struct slot;

/* Completes the instruction at ip and goes on to the next; or leaves, with
 * engine.ip and engine.left set, returning NULL.  x are the registers, mem is
 * real storage from base, limit the first virtual address at which no word may
 * be accessed, left what is still unpaid of the budget. */
typedef struct slot *handler(struct slot *ip, uint32_t *x, uint8_t *mem, struct engine *e,
                             uint32_t limit, uint64_t left);

struct slot {
	handler *run;
	int32_t imm;          /* jumps and branches: from this slot to the target's, in bytes */
	uint8_t rd, rs1, rs2; /* rd is 32 in place of 0; of engine_plain the enum insn, and imm the word */
	uint8_t len;          /* instructions from here to the end of the run; 0: not decoded, rd counts visits */
};

#define RUN_MOST 255 /* instructions in a run */

struct engine {
	struct machine *m;
	struct slot *slots;   /* by real address / 4; one more than storage has words */
	uintptr_t flags_bias; /* + a host address in storage / WATCH_GRANULE: its granule's flags */

	uint8_t patience;     /* visits that code gets before it is decoded */

	/* The present R, and what handlers need of it. */
	uint32_t base, bound;
	uint32_t limit;
	uint8_t *mem;
	struct slot *first;   /* the slot of virtual address 0 */
	struct slot *fence;   /* after the last slot that may be fetched */

	/* Where the last handler left. */
	struct slot *ip;      /* the first instruction not completed */
	uint64_t left;
	const struct slot *found; /* ip, if engine_plain left it to the plain executor */
};

/* ---- engine.c ----------------------------------------------------------- */


/* Makes the run that holds slot undecoded. */
void engine_forget_run(struct slot *slots, struct slot *slot);

static inline uint32_t engine_pc(const struct engine *e, const struct slot *ip)
{
	return (uint32_t)((ip - e->first) * 4);
}

/* True if the run at ip may not be entered: it is not decoded, not all paid for by
 * left, or not all legal under the present R. */
static inline bool engine_cannot_enter(const struct engine *e, const struct slot *ip, uint64_t left)
{
	return ip->len - UINT64_C(1) >= left || ip < e->first || ip + ip->len > e->fence;
}

/* ---- decode.c ----------------------------------------------------------- */

/* Decodes the run that begins at slot, which may be fetched. */
void engine_decode(const struct engine *e, struct slot *slot);

/* ---- handlers.c --------------------------------------------------------- */

/* How a branch reaches its target. */
enum reach {
	REACH_BACK,    /* in the same run, at or before the branch; rd: instructions in the loop */
	REACH_FORWARD, /* in the same run, after the branch; rd: instructions skipped */
	REACH_FAR,     /* anywhere */
	REACH_FAR_END, /* anywhere, and the branch ends its run */
	REACHES
};

/* By instruction; NULL where another table says, or the plain executor must do
 * it. */
extern handler *const engine_straight[INSNS]; /* goes on to the next slot */
extern handler *const engine_last[INSNS];     /* the same, at the end of a run */
extern handler *const engine_jump[INSNS];     /* always jumps: ends a run */
extern handler *const engine_branch[INSNS][REACHES];

handler engine_jump_back; /* JAL x0, REACH_BACK */
handler engine_plain;     /* leaves: the plain executor's to do */

/* ---- fused.c ------------------------------------------------------------ */

/* Handlers of one instruction and another after it, by the second; the last but one
 * index says whether its rs1 is the first's rd.  NULL if there is none. */
struct pairs {
	handler *straight[INSNS][2];
	handler *branch[INSN_bgeu - INSN_beq + 1][2][REACH_FAR + 1];
};

#define FUSED_MOST 7

/* A handler of more instructions: straight, but for a branch REACH_BACK at the end. */
struct fusion {
	uint8_t n;                /* how many; 0 ends the list */
	uint8_t shift;            /* that its slli have; 0: whatever they have */
	uint8_t chained;          /* bit i: rs1 of insn[i] is rd of insn[i - 1] */
	uint8_t in_place;         /* bit i: and so is its rd, and rs2 is not */
	uint8_t insn[FUSED_MOST]; /* enum insn */
	handler *run;
};

extern const struct pairs *const engine_pairs[INSNS]; /* by the first instruction, or NULL */
extern const struct fusion engine_longer[];

#endif
