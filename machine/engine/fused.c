/* Handlers of several instructions at once.  They save jumps from handler to
 * handler and, in a chain, where an instruction's rs1 is the rd of the one before,
 * the way through x as well.  Which are worth having was measured on the kernels of
 * bench/.
 *
 * Each instruction still has its own slot, with its operands and a handler for
 * jumps to it; the fused handler stands in the first one's slot.
 */

#include "handler.h"

/* Where an instruction's first operand comes from: x, or the result before. */
#define OPERAND_fresh RS1
#define OPERAND_chained v
#define IS_fresh 0
#define IS_chained 1

/* ---- two straight instructions ------------------------------------------ */

#define FIRSTS(X) \
	X(addi) X(andi) X(slli) X(srli) X(srai) X(add) X(sub) X(xor) X(or) X(mul) X(lui) \
	X(lw) X(lbu) X(lh) X(sw) X(sb)

#define SECONDS(X, ...) \
	X(__VA_ARGS__, addi) X(__VA_ARGS__, andi) X(__VA_ARGS__, slli) X(__VA_ARGS__, srli) X(__VA_ARGS__, srai) \
	X(__VA_ARGS__, add) X(__VA_ARGS__, sub) X(__VA_ARGS__, xor) X(__VA_ARGS__, or) X(__VA_ARGS__, mul) \
	X(__VA_ARGS__, lw) X(__VA_ARGS__, lbu) X(__VA_ARGS__, lh) X(__VA_ARGS__, sw) X(__VA_ARGS__, sb)

#define PAIR_OF(a, chain, b) \
	HANDLER(a##_##chain##_##b) { uint32_t v; DO(a, RS1); ip++; DO(b, OPERAND_##chain); NEXT; }
#define PAIR(a, b) PAIR_OF(a, fresh, b) PAIR_OF(a, chained, b)
#define PAIRS(a) SECONDS(PAIR, a)

FIRSTS(PAIRS)

/* ---- a straight instruction and a branch -------------------------------- */

#define TEST_OF(a, chain, b) \
	HANDLER(a##_##chain##_##b##_back) \
	{ uint32_t v; DO(a, RS1); ip++; if (takes_##b(OPERAND_##chain, RS2)) JUMP_BACK; NEXT; } \
	HANDLER(a##_##chain##_##b##_forward) \
	{ uint32_t v; DO(a, RS1); ip++; if (takes_##b(OPERAND_##chain, RS2)) JUMP_FORWARD; NEXT; } \
	HANDLER(a##_##chain##_##b##_far) \
	{ uint32_t v; DO(a, RS1); ip++; if (takes_##b(OPERAND_##chain, RS2)) JUMP_FAR(TARGET); NEXT; }
#define TEST(a, b) TEST_OF(a, fresh, b) TEST_OF(a, chained, b)
#define TESTS(a) TEST(a, beq) TEST(a, bne) TEST(a, blt) TEST(a, bge) TEST(a, bltu) TEST(a, bgeu)

FIRSTS(TESTS)

/* ---- longer ones --------------------------------------------------------- */

#define TRIPLES(X) \
	X(lw, fresh, lw, fresh, lw) X(sw, fresh, sw, fresh, sw) \
	X(slli, fresh, slli, fresh, slli) X(srli, fresh, srli, fresh, srli) X(andi, fresh, andi, fresh, andi) \
	X(add, fresh, add, fresh, add) X(xor, fresh, xor, fresh, xor) X(addi, fresh, addi, fresh, addi) \
	X(xor, chained, andi, chained, slli) X(slli, chained, add, chained, lw) X(add, chained, lw, chained, xor) \
	X(srli, fresh, addi, fresh, xor) X(lh, fresh, addi, fresh, addi) X(lbu, fresh, addi, fresh, addi) \
	X(lbu, fresh, srli, fresh, addi)

#define TRIPLE(a, chain_b, b, chain_c, c) \
	HANDLER(a##_##chain_b##_##b##_##chain_c##_##c) \
	{ uint32_t v; DO(a, RS1); ip++; DO(b, OPERAND_##chain_b); ip++; DO(c, OPERAND_##chain_c); NEXT; }

TRIPLES(TRIPLE)

#define TRIPLE_ROW(a, chain_b, b, chain_c, c) \
	{ 3, 0, IS_##chain_b << 1 | IS_##chain_c << 2, 0, { INSN_##a, INSN_##b, INSN_##c }, \
	  do_##a##_##chain_b##_##b##_##chain_c##_##c },

#define FOURS(X) \
	X(lw, fresh, lw, fresh, lw, fresh, lw) X(sw, fresh, sw, fresh, sw, fresh, sw) \
	X(xor, chained, andi, chained, slli, chained, add) X(add, chained, add, chained, lw, chained, xor)

#define FOUR(a, chain_b, b, chain_c, c, chain_d, d) \
	HANDLER(a##_##chain_b##_##b##_##chain_c##_##c##_##chain_d##_##d) \
	{ uint32_t v; DO(a, RS1); ip++; DO(b, OPERAND_##chain_b); ip++; DO(c, OPERAND_##chain_c); ip++; \
	  DO(d, OPERAND_##chain_d); NEXT; }

FOURS(FOUR)

#define FOUR_ROW(a, chain_b, b, chain_c, c, chain_d, d) \
	{ 4, 0, IS_##chain_b << 1 | IS_##chain_c << 2 | IS_##chain_d << 3, 0, { INSN_##a, INSN_##b, INSN_##c, INSN_##d }, \
	  do_##a##_##chain_b##_##b##_##chain_c##_##c##_##chain_d##_##d },

/* A word looked up in a table by a byte, as CRCs do it: xor, andi, slli by 2, add,
 * lw, xor.  All but the address and the last result are in place, so they need no
 * storing; if the load is not legal nothing has been done yet. */
#define LOOK_UP do { \
	uint32_t v = x[ip[3].rs2] + ((RS1 ^ RS2) & (uint32_t)ip[1].imm) * 4; \
	uint32_t a = v + (uint32_t)ip[4].imm, value; \
	LEAVE_IF(a >= limit); \
	memcpy(&value, mem + a, sizeof(value)); \
	x[ip[3].rd] = v; \
	ip += 5; \
	RD = value ^ RS2; \
	ip++; \
} while (0)

HANDLER(look_up)          { LOOK_UP; GO; }
HANDLER(look_up_bne_back) { LOOK_UP; if (takes_bne(RS1, RS2)) JUMP_BACK; NEXT; }

#define LOOK_UP_ROWS \
	{ 6, 2, 0x3E, 0x2E, { INSN_xor, INSN_andi, INSN_slli, INSN_add, INSN_lw, INSN_xor }, do_look_up }, \
	{ 7, 2, 0x3E, 0x2E, { INSN_xor, INSN_andi, INSN_slli, INSN_add, INSN_lw, INSN_xor, INSN_bne }, \
	  do_look_up_bne_back },

/* ---- the tables --------------------------------------------------------- */

#define PAIR_ROW(a, b) [INSN_##b] = { do_##a##_fresh_##b, do_##a##_chained_##b },
#define TEST_ROW(a, b) [INSN_##b - INSN_beq] = { \
	{ do_##a##_fresh_##b##_back, do_##a##_fresh_##b##_forward, do_##a##_fresh_##b##_far }, \
	{ do_##a##_chained_##b##_back, do_##a##_chained_##b##_forward, do_##a##_chained_##b##_far } },
#define TEST_ROWS(a) \
	TEST_ROW(a, beq) TEST_ROW(a, bne) TEST_ROW(a, blt) TEST_ROW(a, bge) TEST_ROW(a, bltu) TEST_ROW(a, bgeu)
#define ROWS(a) static const struct pairs from_##a = { { SECONDS(PAIR_ROW, a) }, { TEST_ROWS(a) } };
#define FROM(a) [INSN_##a] = &from_##a,

FIRSTS(ROWS)

const struct pairs *const engine_pairs[INSNS] = { FIRSTS(FROM) };
const struct fusion engine_longer[] = { TRIPLES(TRIPLE_ROW) FOURS(FOUR_ROW) LOOK_UP_ROWS { 0 } };
