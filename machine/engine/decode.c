/* From words of storage to slots, a run at a time.  Called by engine_run when it
 * comes to a slot that is not decoded.
 */

#include "engine.h"

#include <string.h>

/* An instruction on its way to a slot. */
struct op {
	enum insn insn;
	uint32_t word;
};

static struct op op_at(const struct engine *e, const struct slot *slot)
{
	const uint8_t *b = e->m->storage + 4 * (slot - e->slots);
	uint32_t word = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
	return (struct op){ isa_decode(word), word };
}

/* ---- where runs end ----------------------------------------------------- */

/* Bytes from a jump's or branch's slot to its target's. */
static int32_t distance(struct op op)
{
	return (int32_t)(op.insn == INSN_jal ? isa_imm_j(op.word) : isa_imm_b(op.word));
}

/* True if a jump or branch may lead somewhere else than to a slot: then it is the
 * plain executor's. */
static bool leads_out(const struct engine *e, const struct slot *slot, int32_t distance)
{
	int64_t target = 4 * (int64_t)(slot - e->slots) + distance;
	return distance % 4 != 0 || target < 0 || target >= e->m->size;
}

static bool is_branch(struct op op) { return engine_branch[op.insn][0] != NULL; }

static bool is_plain(const struct engine *e, const struct slot *slot, struct op op)
{
	if (op.insn == INSN_NONE)
		return true;
	if (op.insn == INSN_jal || is_branch(op))
		return leads_out(e, slot, distance(op));
	return !engine_straight[op.insn] && !engine_jump[op.insn];
}

static bool ends_run(const struct engine *e, const struct slot *slot)
{
	struct op op = op_at(e, slot);
	return is_plain(e, slot, op) || engine_jump[op.insn];
}

/* Instructions in the run from first: up to one that ends it, joining a run that
 * is already decoded, or cut off where it may not be fetched or gets too long. */
static unsigned run_length(const struct engine *e, const struct slot *first)
{
	unsigned n = 0;
	for (const struct slot *slot = first; n < RUN_MOST && slot < e->fence; slot++, n++) {
		if (slot->len != 0) {
			bool joins = n + slot->len <= RUN_MOST && slot + slot->len <= e->fence;
			return joins ? n + slot->len : n;
		}
		if (ends_run(e, slot))
			return n + 1;
	}
	return n;
}

/* ---- filling slots ------------------------------------------------------ */

struct run {
	struct slot *first, *end;
};

static void fill_operands(struct slot *slot, struct op op)
{
	slot->rd = (uint8_t)(isa_rd(op.word) ? isa_rd(op.word) : 32);
	slot->rs1 = (uint8_t)isa_rs1(op.word);
	slot->rs2 = (uint8_t)isa_rs2(op.word);
	slot->imm = (int32_t)isa_immediate((enum immediate)isa_formats[isa_insns[op.insn].format].immediate, op.word);
}

/* Within the run a target is known to be decoded, paid for and legal. */
static handler *fill_branch(struct slot *slot, struct run run, struct op op)
{
	int32_t words = distance(op) / 4;
	enum reach reach = slot->len == 1 ? REACH_FAR_END : REACH_FAR;
	slot->imm = words * (int32_t)sizeof(struct slot);
	if (slot->len > 1 && words > 0 && words < run.end - slot) {
		reach = REACH_FORWARD;
		slot->rd = (uint8_t)(words - 1);
	} else if (slot->len > 1 && words <= 0 && -words <= slot - run.first) {
		reach = REACH_BACK;
		slot->rd = (uint8_t)(1 - words);
	}
	return engine_branch[op.insn][reach];
}

static handler *fill_jal(struct slot *slot, struct run run, struct op op)
{
	int32_t words = distance(op) / 4;
	slot->imm = words * (int32_t)sizeof(struct slot);
	if (isa_rd(op.word) != 0 || words > 0 || -words > slot - run.first)
		return engine_jump[INSN_jal];
	slot->rd = (uint8_t)(1 - words);
	return engine_jump_back;
}

static handler *fill(const struct engine *e, struct slot *slot, struct run run)
{
	struct op op = op_at(e, slot);
	if (is_plain(e, slot, op))
		return engine_plain;
	fill_operands(slot, op);
	if (is_branch(op))
		return fill_branch(slot, run, op);
	if (op.insn == INSN_jal)
		return fill_jal(slot, run, op);
	if (op.insn == INSN_jalr)
		return engine_jump[INSN_jalr];
	return slot->len == 1 ? engine_last[op.insn] : engine_straight[op.insn];
}

/* Stores to slot's word, or to bytes before it that reach into it, concern the
 * engine from now on. */
static void mark(const struct engine *e, const struct slot *slot)
{
	uint32_t real = (uint32_t)(4 * (slot - e->slots));
	e->m->granule_flags[real / WATCH_GRANULE] |= GRANULE_CODE;
	if (real > 0)
		e->m->granule_flags[(real - 1) / WATCH_GRANULE] |= GRANULE_CODE;
}

/* A run that is joined is filled again: more targets are within it now. */
void engine_decode(struct engine *e, struct slot *first)
{
	struct run run = { first, first + run_length(e, first) };
	for (struct slot *slot = run.end - 1; slot >= run.first; slot--) {
		slot->len = (uint8_t)(run.end - slot);
		slot->run = fill(e, slot, run);
		mark(e, slot);
	}
}
