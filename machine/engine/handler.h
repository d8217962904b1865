/* What handlers are made of: their parameters, ways to go on and to leave, and
 * the work of each instruction.  Included by handlers.c, which makes a handler
 * of each instruction, and fused.c, which makes one of several.
 */
#ifndef DROSTE_ENGINE_HANDLER_H
#define DROSTE_ENGINE_HANDLER_H

#include <string.h>

#include "../alu.h"
#include "engine.h"

/* gcc's other register allocator moves the parameters about in every handler. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("ira-algorithm=priority", "optimize-sibling-calls")
#endif

#define PARAMETERS struct slot *ip, uint32_t *x, uint8_t *mem, struct engine *e, uint32_t limit, uint64_t left
#define ARGUMENTS ip, x, mem, e, limit, left
#define HANDLER(name) static struct slot *do_##name(PARAMETERS)

#define inlined static inline __attribute__((always_inline, unused))
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* Handlers jump from one to the next where the compiler makes jumps of calls in
 * tail position; elsewhere they return to the loop in engine_run. */
#ifdef __has_attribute
#if __has_attribute(musttail)
#define TAIL __attribute__((musttail)) return
#endif
#endif
#if !defined(TAIL) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TAIL return
#endif

#ifdef TAIL
#define GO TAIL ip->run(ARGUMENTS)
#else
#define TAIL return
#define GO do { \
	e->left = left; \
	(void)x, (void)mem, (void)limit; \
	return ip; \
} while (0)
#endif

/* ---- leaving ------------------------------------------------------------ */

/* Before ip, whose run is not paid for. */
static struct slot *leave_before(PARAMETERS)
{
	(void)x, (void)mem, (void)limit;
	e->ip = ip;
	e->left = left;
	return NULL;
}

/* At ip, in a run that is paid for. */
static struct slot *leave_at(PARAMETERS)
{
	(void)x, (void)mem, (void)limit;
	e->ip = ip;
	e->left = left + ip->len;
	return NULL;
}

#define LEAVE_IF(condition) do { if (unlikely(condition)) TAIL leave_at(ARGUMENTS); } while (0)

/* ---- going on ----------------------------------------------------------- */

/* In the same run. */
#define NEXT do { ip++; GO; } while (0)

/* To a slot in whatever run, decoded or not: pays for that run. */
#define ENTER(slot) do { \
	ip = (slot); \
	if (unlikely(engine_cannot_enter(e, ip, left))) \
		TAIL leave_before(ARGUMENTS); \
	left -= ip->len; \
	GO; \
} while (0)

/* ---- the work of straight instructions ---------------------------------- */

#define RD  x[ip->rd]
#define RS1 x[ip->rs1]
#define RS2 x[ip->rs2]
#define IMM ((uint32_t)ip->imm)

/* work_<name> does an instruction but for going on.  *v is x[rs1] before, and
 * x[rd] after.  Where it returns false it has done nothing, and the handler
 * must do as if_not_<name> says. */
#define WORK(name) inlined bool work_##name(PARAMETERS, uint32_t *v)
#define IF_NOT(name) static struct slot *if_not_##name(PARAMETERS)
#define UNUSED (void)ip, (void)x, (void)mem, (void)e, (void)limit, (void)left, (void)v

#define DO(name, first) do { \
	v = (first); \
	if (unlikely(!work_##name(ARGUMENTS, &v))) \
		TAIL if_not_##name(ARGUMENTS); \
} while (0)

/* To be done by the plain executor, whatever it is. */
#define IF_NOT_LEAVE(name, ...) \
	static inline __attribute__((unused)) struct slot *if_not_##name(PARAMETERS) { TAIL leave_at(ARGUMENTS); }

/* X(mnemonic, function of alu.h) */
#define ALU_IMMS(X) \
	X(addi, add) X(slti, slt) X(sltiu, sltu) X(xori, xor) X(ori, or) X(andi, and) \
	X(slli, sll) X(srli, srl) X(srai, sra)

#define ALUS(X) \
	X(add, add) X(sub, sub) X(sll, sll) X(slt, slt) X(sltu, sltu) X(xor, xor) X(srl, srl) X(sra, sra) \
	X(or, or) X(and, and) X(mul, mul) X(mulh, mulh) X(mulhsu, mulhsu) X(mulhu, mulhu) \
	X(div, div) X(divu, divu) X(rem, rem) X(remu, remu)

#define WORK_ALU_IMM(name, alu) WORK(name) { UNUSED; RD = *v = alu_##alu(*v, IMM); return true; }
#define WORK_ALU(name, alu)     WORK(name) { UNUSED; RD = *v = alu_##alu(*v, RS2); return true; }

ALU_IMMS(WORK_ALU_IMM)
ALUS(WORK_ALU)

#define OTHERS(X) X(lui, ) X(auipc, ) X(fence, )

WORK(lui)   { UNUSED; RD = *v = IMM; return true; }
WORK(auipc) { UNUSED; RD = *v = engine_pc(e, ip) + IMM; return true; }
WORK(fence) { UNUSED; return true; }

ALU_IMMS(IF_NOT_LEAVE)
ALUS(IF_NOT_LEAVE)
OTHERS(IF_NOT_LEAVE)

/* X(mnemonic, type in storage, function of alu.h that extends it) */
#define LOADS(X) \
	X(lb, uint8_t, alu_sign8) X(lh, uint16_t, alu_sign16) X(lw, uint32_t, ) X(lbu, uint8_t, ) X(lhu, uint16_t, )

/* limit is for words.  A shorter access in the last three bytes is left to the
 * plain executor, which decides. */
#define WORK_LOAD(name, type, extend) \
	WORK(name) \
	{ \
		uint32_t a = *v + IMM; \
		type value; \
		UNUSED; \
		if (a >= limit) \
			return false; \
		memcpy(&value, mem + a, sizeof(value)); \
		RD = *v = extend(value); \
		return true; \
	}

LOADS(WORK_LOAD)
LOADS(IF_NOT_LEAVE)

/* A granule is marked if a store that begins in it could reach code or what is
 * watched. */
inlined bool store_is_free(const struct engine *e, const uint8_t *to)
{
	return *(const uint8_t *)(e->flags_bias + (uintptr_t)to / WATCH_GRANULE) == 0;
}

#define STORES(X) X(sb, uint8_t) X(sh, uint16_t) X(sw, uint32_t)

#define WORK_STORE(name, type) \
	handler engine_near_code_##name; \
	WORK(name) \
	{ \
		uint32_t a = *v + IMM; \
		UNUSED; \
		if (a >= limit || !store_is_free(e, mem + a)) \
			return false; \
		type value = (type)RS2; \
		memcpy(mem + a, &value, sizeof(value)); \
		return true; \
	} \
	static inline __attribute__((unused)) struct slot *if_not_##name(PARAMETERS) { TAIL engine_near_code_##name(ARGUMENTS); }

STORES(WORK_STORE)

#define STRAIGHTS(X) ALU_IMMS(X) ALUS(X) OTHERS(X) LOADS(X) STORES(X)

/* ---- the work of branches ----------------------------------------------- */

/* X(mnemonic, function of alu.h) */
#define BRANCHES(X) X(beq, eq) X(bne, ne) X(blt, lt) X(bge, ge) X(bltu, ltu) X(bgeu, geu)

#define TAKES(name, alu) inlined int takes_##name(uint32_t a, uint32_t b) { return alu_##alu(a, b); }

BRANCHES(TAKES)

#define TARGET ((struct slot *)((char *)ip + ip->imm))

/* Back in its own run: pays again for the instructions of the loop. */
#define JUMP_BACK do { \
	LEAVE_IF(left < ip->rd); \
	left -= ip->rd; \
	ip = TARGET; \
	GO; \
} while (0)

/* Over some instructions of its own run: gets them back. */
#define JUMP_FORWARD do { \
	left += ip->rd; \
	ip = TARGET; \
	GO; \
} while (0)

/* To whatever run: gets back what is left of this one. */
#define JUMP_FAR(slot) do { \
	left += ip->len - 1u; \
	ENTER(slot); \
} while (0)

#endif
