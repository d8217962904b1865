/* The states that the classifier tries: boundary values rather than many values.  A
 * property shows at the edges: of the window and of storage, with the timer about to
 * expire, on the instruction itself.  Called by classify.c, once for each instruction
 * and class of operands.
 */

#include "classify.h"

#include <string.h>

const char *const classify_operand_names[OPERAND_CLASSES] = { "", "rd = x0", "rd = rs1", "rs1 = x0", "rs1 = rs2" };

const char *const classify_block_names[BLOCKS] = {
	"", "a PSW of supervisor mode", "a PSW of user mode", "a command: read the disk", "a command: write the disk",
	"a command: write to the console", "a command: read from the console", "a command: arm the console",
	"a state description",
};

#define Q CLASSIFY_STORAGE

/* ---- what is varied ----------------------------------------------------- */

/* R = (l, b) and where in the window the instruction stands.  The first is the plain
 * one; with the last ones nothing can be fetched. */
static const struct place {
	uint32_t base, bound, pc;
} places[] = {
	{ 512, 512, 256 }, { 0, 512, 256 }, { 512, 512, 508 }, { 512, Q - 512, 256 }, { 512, BOUND_ALL, 256 },
	{ Q - 4, 4, 0 }, { Q - 4, 512, 0 }, { 512, 512, 512 }, { Q, 512, 0 }, { Q + 4, 512, 0 }, { 512, 0, 0 }, { 512, 1, 0 },
};

/* Mask, timer, clock, and whether an interrupt is pending. */
static const struct context {
	uint32_t status, timer;
	uint64_t clock;
	bool pending;
} contexts[] = {
	{ 0, 100, 1000, false },
	{ STATUS_TE, 100, 1000, false },
	{ STATUS_TE, 1, 1000, false },
	{ STATUS_TE, 2, 1000, false },
	{ STATUS_TE, 0, UINT32_MAX, false },
	{ STATUS_IE, 0, 1000, false },
	{ STATUS_IE | STATUS_TE, UINT32_MAX, 1000, false },
	{ 0, 100, 1000, true },
	{ STATUS_TE, 1, UINT32_MAX, true },
};

/* Values of rs1: absolute, or from the bound, from the end of storage, from pc. */
static const struct operand {
	enum { FROM_0, FROM_BOUND, FROM_END, FROM_PC } from;
	int64_t offset;
} operands[] = {
	{ FROM_0, 64 }, /* well inside the window */
	{ FROM_BOUND, 0 }, { FROM_0, 0 }, { FROM_0, 1 }, { FROM_0, UINT32_MAX }, { FROM_0, INT64_C(1) << 31 },
	{ FROM_BOUND, -1 }, { FROM_BOUND, 1 }, { FROM_BOUND, -4 }, { FROM_BOUND, -8 }, { FROM_BOUND, -20 },
	{ FROM_BOUND, -24 }, { FROM_END, -1 }, { FROM_END, 0 }, { FROM_PC, 0 }, { FROM_PC, 4 },
};

static const uint32_t second_operands[] = { 0x12345678, 0, UINT32_MAX, UINT32_C(1) << 31, 512 };

static const struct immediates {
	unsigned n;
	int32_t value[3];
} immediates[] = {
	[IMM_NONE] = { 1, { 0 } },           [IMM_I] = { 3, { 0, 4, -1 } },    [IMM_S] = { 3, { 0, 4, -1 } },
	[IMM_B] = { 3, { 8, -256, 2 } },     [IMM_J] = { 3, { 8, -256, 2 } },  [IMM_U] = { 2, { 1, 0xFFFFF } },
	[IMM_SHAMT] = { 3, { 1, 0, 31 } },
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

enum { PLACES_IN_CONTEXT = 2 }; /* places that are tried in every context */

/* ---- words -------------------------------------------------------------- */

static bool names(enum insn insn, char operand)
{
	return strchr(isa_formats[isa_insns[insn].format].operands, operand) != NULL;
}

bool classify_has_operands(enum insn insn, enum classify_operands kind)
{
	bool rd = names(insn, 'd'), rs1 = names(insn, 's'), rs2 = names(insn, 't');
	switch (kind) {
	case OPERANDS_DISTINCT: return true;
	case OPERANDS_RD_X0:    return rd;
	case OPERANDS_RD_RS1:   return rd && rs1;
	case OPERANDS_RS1_X0:   return rs1;
	case OPERANDS_RS1_RS2:  return rs1 && rs2;
	case OPERAND_CLASSES:   break;
	}
	return false;
}

static uint32_t word_of(enum insn insn, enum classify_operands kind, uint32_t immediate)
{
	unsigned rd = CLASSIFY_RD, rs1 = CLASSIFY_RS1, rs2 = CLASSIFY_RS2;
	switch (kind) {
	case OPERANDS_RD_X0:  rd = 0; break;
	case OPERANDS_RD_RS1: rd = rs1; break;
	case OPERANDS_RS1_X0: rs1 = 0; break;
	case OPERANDS_RS1_RS2: rs2 = rs1; break;
	case OPERANDS_DISTINCT:
	case OPERAND_CLASSES: break;
	}
	return isa_encode(insn, rd, rs1, rs2, immediate);
}

/* ---- all of it ---------------------------------------------------------- */

struct walk {
	enum insn insn;
	enum classify_operands operands;
	classify_visitor *visit;
	void *self;
};

static uint32_t operand_value(const struct operand *operand, const struct psw *psw)
{
	const int64_t from[] = {
		[FROM_0] = 0, [FROM_BOUND] = psw->bound, [FROM_END] = (int64_t)Q - psw->base, [FROM_PC] = psw->pc,
	};
	return (uint32_t)(from[operand->from] + operand->offset);
}

/* Every block at an operand in storage where one fits; elsewhere none. */
static void visit_blocks(const struct walk *walk, struct classify_state state, const struct operand *operand)
{
	bool fits = names(walk->insn, '(') && (operand == operands || operand->offset == -20 || operand->offset == -24);
	bool sie = walk->insn == INSN_sie;
	for (int block = 0; block < (fits ? BLOCKS : 1); block++) {
		state.block = (enum classify_block)block;
		if (block == BLOCK_NONE || (block == BLOCK_STATE) == sie)
			walk->visit(walk->self, &state);
	}
}

/* All operands and immediates; or, if brief, the plainest two of each. */
static void visit_operands(const struct walk *walk, struct classify_state state, bool brief)
{
	const struct isa_insn *row = &isa_insns[walk->insn];
	const struct immediates *imm = &immediates[isa_formats[row->format].immediate];
	size_t firsts = names(walk->insn, 's') && walk->operands != OPERANDS_RS1_X0 ? COUNT(operands) : 1;
	size_t seconds = names(walk->insn, 't') && walk->operands != OPERANDS_RS1_RS2 ? COUNT(second_operands) : 1;
	size_t most = brief ? 2 : COUNT(operands);
	for (size_t i = 0; i < firsts && i < most; i++) {
		state.rs1 = walk->operands == OPERANDS_RS1_X0 ? 0 : operand_value(&operands[i], &state.psw);
		for (size_t k = 0; k < seconds && k < most; k++) {
			state.rs2 = walk->operands == OPERANDS_RS1_RS2 ? state.rs1 : second_operands[k];
			for (size_t n = 0; n < imm->n && n < most; n++) {
				state.word = word_of(walk->insn, walk->operands, (uint32_t)imm->value[n]);
				visit_blocks(walk, state, &operands[i]);
			}
		}
	}
}

void classify_each_state(enum insn insn, enum classify_operands kind, classify_visitor *visit, void *self)
{
	const struct walk walk = { insn, kind, visit, self };
	for (size_t p = 0; p < COUNT(places); p++) {
		const struct place *place = &places[p];
		for (size_t c = 0; c < (p < PLACES_IN_CONTEXT ? COUNT(contexts) : 1); c++) {
			const struct context *context = &contexts[c];
			struct classify_state state = {
				.insn = insn,
				.psw = { place->pc, context->status, place->base, place->bound, context->timer },
				.clock = context->clock,
				.pending = context->pending,
			};
			bool fetched = place->pc + 4 <= classify_window(&state.psw);
			visit_operands(&walk, state, c > 0 || !fetched);
		}
	}
}

uint32_t classify_operand(const struct classify_state *state)
{
	const struct isa_format *format = &isa_formats[isa_insns[state->insn].format];
	return state->rs1 + isa_immediate((enum immediate)format->immediate, state->word);
}

uint32_t classify_window(const struct psw *psw)
{
	uint32_t above = psw->base < Q ? Q - psw->base : 0;
	return psw->bound < above ? psw->bound : above;
}
