/* From words of storage to slots, a run at a time.  Called by engine_run when it
 * comes to a slot that is not decoded.
 */

#include "engine.h"

#include <limits.h>

/* An instruction on its way to a slot. */
struct op {
	enum insn insn;
	uint32_t word;
	bool plain;       /* left to the plain executor */
	bool chained;     /* its rs1 is the result of the instruction before it */
	bool in_place;    /* and it replaces that result, which nothing else sees */
	enum reach reach; /* branches only */
};

/* ---- words --------------------------------------------------------------- */

/* Bytes from a jump or branch to its target. */
static int32_t distance(struct op op)
{
	return (int32_t)(op.insn == INSN_jal ? isa_imm_j(op.word) : isa_imm_b(op.word));
}

static bool is_branch(enum insn insn) { return engine_branch[insn][0] != NULL; }

/* True if a jump or branch may lead somewhere else than to a slot. */
static bool leads_out(const struct engine *e, const struct slot *slot, int32_t distance)
{
	int64_t target = 4 * (int64_t)(slot - e->slots) + distance;
	return distance % 4 != 0 || target < 0 || target >= e->m->size;
}

static bool is_plain(const struct engine *e, const struct slot *slot, struct op op)
{
	if (op.insn == INSN_NONE)
		return true;
	if (op.insn == INSN_jal || is_branch(op.insn))
		return leads_out(e, slot, distance(op));
	return !engine_straight[op.insn] && !engine_jump[op.insn];
}

static struct op op_at(const struct engine *e, const struct slot *slot)
{
	const uint8_t *b = e->m->storage + 4 * (slot - e->slots);
	struct op op = { .word = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24 };
	op.insn = isa_decode(op.word);
	op.plain = is_plain(e, slot, op) || machine_marked(e->m, (uint32_t)(4 * (slot - e->slots)));
	return op;
}

/* ---- where a run ends ---------------------------------------------------- */

/* Fills ops with the run from first and returns how many there are: up to one
 * that ends it, joining a run that is already decoded, or cut off where it may
 * not be fetched or gets too long. */
static unsigned read_run(const struct engine *e, const struct slot *first, struct op ops[RUN_MOST])
{
	unsigned n = 0, most = RUN_MOST;
	for (const struct slot *slot = first; n < most && slot < e->fence; slot++, n++) {
		if (slot->len != 0 && most == RUN_MOST) {
			if (n + slot->len > RUN_MOST || slot + slot->len > e->fence)
				return n;
			most = n + slot->len;
		}
		ops[n] = op_at(e, slot);
		if (ops[n].plain || engine_jump[ops[n].insn])
			return n + 1;
	}
	return n;
}

/* ---- operands ------------------------------------------------------------ */

static void fill_operands(struct slot *slot, const struct op *op)
{
	slot->rd = (uint8_t)(isa_rd(op->word) ? isa_rd(op->word) : 32);
	slot->rs1 = (uint8_t)isa_rs1(op->word);
	enum format format = (enum format)isa_insns[op->insn].format;
	bool two = format == FORMAT_R || format == FORMAT_STORE || format == FORMAT_B;
	slot->rs2 = (uint8_t)(two ? isa_rs2(op->word) : 0);
	slot->imm = (int32_t)isa_immediate((enum immediate)isa_formats[format].immediate, op->word);
}

static bool commutes(enum insn insn)
{
	switch (insn) {
	case INSN_add: case INSN_xor: case INSN_or: case INSN_and: case INSN_mul: case INSN_beq: case INSN_bne:
		return true;
	default:
		return false;
	}
}

static bool has_result(enum insn insn)
{
	enum format format = (enum format)isa_insns[insn].format;
	return engine_straight[insn] && format != FORMAT_STORE && format != FORMAT_FENCE;
}

/* Notes whether the instruction in slot works on the result of the one before;
 * where order does not matter, puts that first. */
static void fill_chain(struct slot *slot, struct op *op)
{
	const struct slot *before = slot - 1;
	if (!has_result(op[-1].insn))
		return;
	if (commutes(op->insn) && slot->rs2 == before->rd) {
		slot->rs2 = slot->rs1;
		slot->rs1 = before->rd;
	}
	op->chained = slot->rs1 == before->rd;
	op->in_place = op->chained && slot->rd == before->rd && slot->rs2 != before->rd;
}

/* A target within the run is known to be decoded, paid for and legal. */
static void fill_jump(struct slot *slot, struct op *op, unsigned at, unsigned n)
{
	int32_t words = distance(*op) / 4;
	bool last = at == n - 1, link = op->insn == INSN_jal && isa_rd(op->word) != 0;
	slot->imm = words * (int32_t)sizeof(struct slot);
	if (words <= 0 && -words <= (int32_t)at && !link && !(last && is_branch(op->insn))) {
		slot->rd = (uint8_t)(1 - words);
		op->reach = REACH_BACK;
	} else if (words > 0 && words < (int32_t)(n - at)) {
		slot->rd = (uint8_t)(words - 1);
		op->reach = REACH_FORWARD;
	} else {
		op->reach = last ? REACH_FAR_END : REACH_FAR;
	}
}

static void fill(struct slot *slot, struct op *op, unsigned at, unsigned n)
{
	if (op->plain) {
		slot->imm = (int32_t)op->word;
		slot->rd = (uint8_t)op->insn;
		return;
	}
	fill_operands(slot, op);
	if (at > 0)
		fill_chain(slot, op);
	if (op->insn == INSN_jal || is_branch(op->insn))
		fill_jump(slot, op, at, n);
}

/* ---- handlers ------------------------------------------------------------ */

static handler *single(const struct op *op, bool last)
{
	if (op->plain)
		return engine_plain;
	if (is_branch(op->insn))
		return engine_branch[op->insn][op->reach];
	if (op->insn == INSN_jal && op->reach == REACH_BACK)
		return engine_jump_back;
	if (engine_jump[op->insn])
		return engine_jump[op->insn];
	return last ? engine_last[op->insn] : engine_straight[op->insn];
}

static handler *pair(const struct op *first, const struct op *second)
{
	const struct pairs *pairs = first->plain ? NULL : engine_pairs[first->insn];
	if (!pairs || second->plain)
		return NULL;
	if (is_branch(second->insn))
		return pairs->branch[second->insn - INSN_beq][second->chained][second->reach];
	return pairs->straight[second->insn][second->chained];
}

static bool matches_one(const struct fusion *fusion, unsigned i, const struct op *op)
{
	if (op->insn != fusion->insn[i] || (fusion->chained >> i & 1 && !op->chained) ||
	    (fusion->in_place >> i & 1 && !op->in_place))
		return false;
	if (op->insn == INSN_slli && fusion->shift != 0)
		return isa_rs2(op->word) == fusion->shift;
	return !is_branch(op->insn) || op->reach == REACH_BACK;
}

static bool matches(const struct fusion *fusion, const struct op *ops)
{
	for (unsigned i = 0; i < fusion->n; i++)
		if (!matches_one(fusion, i, &ops[i]))
			return false;
	return true;
}

/* The cheapest way through the run from some instruction on: each handler costs
 * 1, and so does each result that the next instruction has to fetch from x. */
struct way {
	handler *run;
	unsigned cost;
};

/* Lets way begin with a handler of n instructions, if that is cheaper. */
static void consider(struct way *way, handler *run, unsigned n, unsigned chained, const struct op *ops)
{
	unsigned cost = 1 + way[n].cost + ops[n].chained;
	for (unsigned i = 1; i < n; i++)
		cost += ops[i].chained && !(chained >> i & 1);
	if (cost < way->cost)
		*way = (struct way){ run, cost };
}

/* The last instruction of a run is never fused: it ends the run, or pays for the
 * next one. */
static void choose(struct way *way, const struct op *ops, unsigned left)
{
	*way = (struct way){ single(ops, left == 1), UINT_MAX };
	consider(way, way->run, 1, 0, ops);
	handler *two = left > 2 ? pair(ops, ops + 1) : NULL;
	if (two)
		consider(way, two, 2, (unsigned)ops[1].chained << 1, ops);
	for (const struct fusion *more = engine_longer; more->n != 0; more++)
		if (more->n < left && matches(more, ops))
			consider(way, more->run, more->n, more->chained, ops);
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
void engine_decode(const struct engine *e, struct slot *first)
{
	struct op ops[RUN_MOST + 1];
	struct way ways[RUN_MOST + 1];
	unsigned n = read_run(e, first, ops);
	for (unsigned i = 0; i < n; i++)
		fill(first + i, &ops[i], i, n);
	ops[n].chained = false;
	ways[n].cost = 0;
	for (unsigned i = n; i-- > 0;) {
		choose(&ways[i], &ops[i], n - i);
		first[i].run = ways[i].run;
		first[i].len = (uint8_t)(n - i);
		mark(e, first + i);
	}
}
