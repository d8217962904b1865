/* An assembler for tests, made from the instruction table: as_<name>(operands)
 * is the word of one instruction, its operands in the order in which they are
 * written.  isa.c compares what comes out with the stock assembler.
 */
#ifndef DROSTE_TESTS_ASSEMBLE_H
#define DROSTE_TESTS_ASSEMBLE_H

#include "machine/isa/isa.h"

/* Registers by number, so that operands are not mistaken for constants. */
enum { X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, X15, X16,
       X17, X18, X19, X20, X21, X22, X23, X24, X25, X26, X27, X28, X29, X30, X31 };

static inline uint32_t assemble(enum insn insn, unsigned d, unsigned s, unsigned t, uint32_t immediate)
{
	return isa_encode(insn, d, s, t, immediate);
}

/* By format: the parameters as they are written, then d, s, t and the immediate. */
#define TAKES_R      (unsigned d, unsigned s, unsigned t)
#define GIVES_R      d, s, t, 0
#define TAKES_I      (unsigned d, unsigned s, int i)
#define GIVES_I      d, s, 0, (uint32_t)i
#define TAKES_I_JUMP (unsigned d, int i, unsigned s)
#define GIVES_I_JUMP d, s, 0, (uint32_t)i
#define TAKES_SH     TAKES_I
#define GIVES_SH     GIVES_I
#define TAKES_LOAD   TAKES_I_JUMP
#define GIVES_LOAD   GIVES_I_JUMP
#define TAKES_STORE  (unsigned t, int i, unsigned s)
#define GIVES_STORE  0, s, t, (uint32_t)i
#define TAKES_B      (unsigned s, unsigned t, int i)
#define GIVES_B      0, s, t, (uint32_t)i
#define TAKES_U      (unsigned d, uint32_t i)
#define GIVES_U      d, 0, 0, i
#define TAKES_J      (unsigned d, int i)
#define GIVES_J      d, 0, 0, (uint32_t)i
#define TAKES_FENCE  (void)
#define GIVES_FENCE  0, 0, 0, 0
#define TAKES_WORD   (void)
#define GIVES_WORD   0, 0, 0, 0
#define TAKES_SYS_M  (int i, unsigned s)
#define GIVES_SYS_M  0, s, 0, (uint32_t)i
#define TAKES_SYS_DM TAKES_I_JUMP
#define GIVES_SYS_DM GIVES_I_JUMP
#define TAKES_SYS_ST (unsigned s, unsigned t)
#define GIVES_SYS_ST 0, s, t, 0
#define TAKES_SYS_DS (unsigned d, unsigned s)
#define GIVES_SYS_DS d, s, 0, 0
#define TAKES_SYS_D  (unsigned d)
#define GIVES_SYS_D  d, 0, 0, 0
#define TAKES_SYS_S  (unsigned s)
#define GIVES_SYS_S  0, s, 0, 0

#define INSN(name, format, match, class, effect) \
	static inline uint32_t as_##name TAKES_##format { return assemble(INSN_##name, GIVES_##format); }
#include "machine/isa/isa.def"

#endif
