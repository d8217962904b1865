/* The handlers: what the engine does for each instruction of the User ISA.
 * Reached only through slots (engine.h).  Each does exactly what the function
 * of the same name in execute.c does, or leaves before it has done anything.
 */

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
#define GO return step_out(ARGUMENTS)
static struct slot *step_out(PARAMETERS)
{
	(void)x, (void)mem, (void)limit;
	e->left = left;
	return ip;
}
#endif

#define unlikely(condition) __builtin_expect(!!(condition), 0)

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

struct slot *engine_plain(PARAMETERS) { TAIL leave_at(ARGUMENTS); }

#define LEAVE_IF(condition) do { if (unlikely(condition)) TAIL leave_at(ARGUMENTS); } while (0)

/* ---- going on ----------------------------------------------------------- */

#define NEXT do { ip++; GO; } while (0)

/* To a slot in whatever run, decoded or not: pays for the run. */
static inline bool cannot_enter(const struct slot *ip, const struct engine *e, uint64_t left)
{
	return ip->len - UINT64_C(1) >= left || ip < e->first || ip + ip->len > e->fence;
}

#define ENTER(slot) do { \
	ip = (slot); \
	if (unlikely(cannot_enter(ip, e, left))) \
		TAIL leave_before(ARGUMENTS); \
	left -= ip->len; \
	GO; \
} while (0)

#define TARGET ((struct slot *)((char *)ip + ip->imm))

/* ---- straight instructions ---------------------------------------------- */

/* Both ways to go on from an instruction that does not jump. */
#define STRAIGHT(name, ...) \
	HANDLER(name) { __VA_ARGS__ NEXT; } \
	HANDLER(name##_last) { __VA_ARGS__ ENTER(ip + 1); }

#define RD  x[ip->rd]
#define RS1 x[ip->rs1]
#define RS2 x[ip->rs2]
#define IMM ((uint32_t)ip->imm)

#define ALU_IMM(name, alu) STRAIGHT(name, RD = alu_##alu(RS1, IMM);)
#define ALU(name, alu) STRAIGHT(name, RD = alu_##alu(RS1, RS2);)

#define ALU_IMMS(X) \
	X(addi, add) X(slti, slt) X(sltiu, sltu) X(xori, xor) X(ori, or) X(andi, and) \
	X(slli, sll) X(srli, srl) X(srai, sra)

#define ALUS(X) \
	X(add, add) X(sub, sub) X(sll, sll) X(slt, slt) X(sltu, sltu) X(xor, xor) X(srl, srl) X(sra, sra) \
	X(or, or) X(and, and) X(mul, mul) X(mulh, mulh) X(mulhsu, mulhsu) X(mulhu, mulhu) \
	X(div, div) X(divu, divu) X(rem, rem) X(remu, remu)

ALU_IMMS(ALU_IMM)
ALUS(ALU)

static inline uint32_t pc(const struct slot *ip, const struct engine *e)
{
	return (uint32_t)((ip - e->first) * 4);
}

STRAIGHT(lui, RD = IMM;)
STRAIGHT(auipc, RD = pc(ip, e) + IMM;)
STRAIGHT(fence, )

/* ---- storage ------------------------------------------------------------ */

/* limit is for words.  A shorter access in the last three bytes is left to the
 * plain executor, which decides. */
#define LOAD(name, type, extend) \
	STRAIGHT(name, \
		uint32_t a = RS1 + IMM; \
		LEAVE_IF(a >= limit); \
		type value; \
		memcpy(&value, mem + a, sizeof(value)); \
		RD = extend(value);)

#define LOADS(X) \
	X(lb, uint8_t, alu_sign8) X(lh, uint16_t, alu_sign16) X(lw, uint32_t, ) X(lbu, uint8_t, ) X(lhu, uint16_t, )

LOADS(LOAD)

/* A granule is marked if a store that begins in it could reach code or what is
 * watched. */
static inline bool store_is_free(const struct engine *e, const uint8_t *to)
{
	return *(const uint8_t *)(e->flags_bias + (uintptr_t)to / WATCH_GRANULE) == 0;
}

/* True if a store to a marked granule concerns only its program after all: no
 * decoded word is hit, only data that stands beside code. */
static bool store_misses(const struct engine *e, const uint8_t *to, unsigned n)
{
	size_t real = (size_t)(to - e->m->storage), last = real + n - 1;
	const uint8_t *flags = e->m->granule_flags;
	return !((flags[real / WATCH_GRANULE] | flags[last / WATCH_GRANULE]) & GRANULE_WATCHED) &&
	       e->slots[real / 4].len == 0 && e->slots[last / 4].len == 0;
}

/* The rare case has a function of its own, which the common one jumps to, so that
 * that need not save registers. */
#define STORE(name, type) \
	static __attribute__((noinline)) struct slot *near_code_##name(PARAMETERS) \
	{ \
		uint32_t a = RS1 + IMM; \
		type value = (type)RS2; \
		LEAVE_IF(!store_misses(e, mem + a, sizeof(value))); \
		memcpy(mem + a, &value, sizeof(value)); \
		if (ip->len == 1) \
			ENTER(ip + 1); \
		NEXT; \
	} \
	STRAIGHT(name, \
		uint32_t a = RS1 + IMM; \
		type value = (type)RS2; \
		LEAVE_IF(a >= limit); \
		if (unlikely(!store_is_free(e, mem + a))) \
			TAIL near_code_##name(ARGUMENTS); \
		memcpy(mem + a, &value, sizeof(value));)

#define STORES(X) X(sb, uint8_t) X(sh, uint16_t) X(sw, uint32_t)

STORES(STORE)

/* ---- jumps -------------------------------------------------------------- */

/* Back in its own run: pays again for the instructions of the loop. */
#define LOOP do { \
	LEAVE_IF(left < ip->rd); \
	left -= ip->rd; \
	ip = TARGET; \
	GO; \
} while (0)

/* Over some instructions of its own run: gets them back. */
#define SKIP do { \
	left += ip->rd; \
	ip = TARGET; \
	GO; \
} while (0)

/* To another run: gets back what is left of this one. */
#define JUMP(slot) do { \
	left += ip->len - 1u; \
	ENTER(slot); \
} while (0)

#define BRANCH(name, alu) \
	HANDLER(name##_back)    { if (alu_##alu(RS1, RS2)) LOOP; NEXT; } \
	HANDLER(name##_forward) { if (alu_##alu(RS1, RS2)) SKIP; NEXT; } \
	HANDLER(name##_far)     { if (alu_##alu(RS1, RS2)) JUMP(TARGET); NEXT; } \
	HANDLER(name##_far_end) { if (alu_##alu(RS1, RS2)) JUMP(TARGET); ENTER(ip + 1); }

#define BRANCHES(X) X(beq, eq) X(bne, ne) X(blt, lt) X(bge, ge) X(bltu, ltu) X(bgeu, geu)

BRANCHES(BRANCH)

struct slot *engine_jump_back(PARAMETERS) { LOOP; }

HANDLER(jal)
{
	RD = pc(ip, e) + 4;
	JUMP(TARGET);
}

HANDLER(jalr)
{
	uint32_t to = (RS1 + IMM) & ~UINT32_C(1);
	LEAVE_IF(to >= limit || to & 2);
	RD = pc(ip, e) + 4;
	JUMP(e->first + to / 4);
}

/* ---- the tables --------------------------------------------------------- */

#define ROW(name, ...) [INSN_##name] = do_##name,
#define ROW_LAST(name, ...) [INSN_##name] = do_##name##_last,
#define ROW_BRANCH(name, ...) \
	[INSN_##name] = { do_##name##_back, do_##name##_forward, do_##name##_far, do_##name##_far_end },

#define STRAIGHTS(X) \
	X(lui, ) X(auipc, ) X(fence, ) ALU_IMMS(X) ALUS(X) LOADS(X) STORES(X)

handler *const engine_straight[INSNS] = { STRAIGHTS(ROW) [INSN_fence_i] = do_fence };
handler *const engine_last[INSNS] = { STRAIGHTS(ROW_LAST) [INSN_fence_i] = do_fence_last };
handler *const engine_jump[INSNS] = { ROW(jal, ) ROW(jalr, ) };
handler *const engine_branch[INSNS][REACHES] = { BRANCHES(ROW_BRANCH) };
