/* Worlds: a guest's own little machines, for programs that check what PG-32 does.
 * A world is registers and a PSW, run until it traps; expected is what the program
 * thinks it will then be.  Instruction words are made from the instruction
 * table.
 */
#ifndef DROSTE_WORLD_H
#define DROSTE_WORLD_H

#include "droste.h"

enum {
#define FIXED(funct7, funct3, opcode) (funct7) << 25 | (funct3) << 12 | (opcode)
#define RS2(n) (n) << 20
#define INSN(name, format, match, class, effect) OP_##name = match,
#include "isa/isa.def"
#undef FIXED
#undef RS2
};

/* An instruction of I format, or of R format with rs2 for imm. */
static inline uint32_t insn(uint32_t op, unsigned rd, unsigned rs1, int32_t imm)
{
	return op | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}

/* sw rs2, imm(rs1), for 0 <= imm < 32. */
static inline uint32_t store(unsigned rs2, int32_t imm, unsigned rs1)
{
	return insn(OP_sw, (unsigned)imm, rs1, (int32_t)rs2);
}

/* Where a world lives unless the program says otherwise: real storage at fixed
 * addresses, so that what is seen there does not depend on the compiler. */
enum {
	WORLD       = 0x10000, /* base */
	WORLD_BYTES = 0x1000,  /* bound */
	WORLD_CODE  = 0x100,   /* virtual address of its first instruction */
	WORLD_DATA  = 0x400,
	WORLD_TIMER = 1000,
};

extern struct trap_frame world, expected;

/* Clears storage from WORLD, puts n instructions at WORLD_CODE with an ECALL behind
 * them, and gives every register a value of its own.  Expected is that they change
 * nothing and that the ECALL traps. */
void world_make(uint32_t status, const uint32_t *code, size_t n);

/* The world's storage at virtual address a. */
static inline uint32_t *world_word(uint32_t a) { return (uint32_t *)(uintptr_t)(WORLD + a); }

/* What world_make expects: n instructions completed, then cause. */
void world_expect(size_t n, enum cause cause, uint32_t tval);

/* Sets a register in both. */
void world_set(unsigned x, uint32_t value);

/* LPSW to world; after its next trap its registers, PSW, cause and tval are in
 * frame.  Interrupts, too, are traps.  In enter.S. */
void world_enter(struct trap_frame *frame);

/* Runs world and checks that it is as expected, to the last register. */
void world_check(const char *what);

/* The clock cycles from LPSW to the trap of the last world_enter, LPSW not
 * counted. */
uint32_t world_cycles(void);

#endif
