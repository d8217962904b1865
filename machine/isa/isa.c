/* The tables of isa.h, filled from their .def files, and the decoder over them. */

#include "isa.h"

#define FIXED(funct7, funct3, opcode) ((uint32_t)(funct7) << 25 | (uint32_t)(funct3) << 12 | (opcode))
#define RS2(n) ((uint32_t)(n) << 20)

enum {
#define FORMAT(name, mask, operands, immediate) MASK_##name = (int)(mask),
#include "formats.def"
};

const struct isa_format isa_formats[] = {
#define FORMAT(name, mask, operands, immediate) { #name, mask, operands, IMM_##immediate },
#include "formats.def"
};

const struct isa_insn isa_insns[INSNS] = {
#define INSN(name, format, match, class, effect) \
	{ #name, FORMAT_##format, class, match, (uint32_t)MASK_##format, effect },
#include "isa.def"
};

const char *const isa_cause_names[CAUSES] = {
#define CAUSE(symbol, name, tval) name,
#include "causes.def"
};

const char *const isa_interception_names[INTERCEPTIONS] = {
#define INTERCEPTION(symbol, number, name, parameter, when) [number] = name,
#include "interceptions.def"
};

const struct profile isa_profiles[PROFILES] = {
#define USER(insn, what) [INSN_##insn - INSN_SYSTEM] = USER_##what,
#define PROFILE(name, after, behaviours, features) { #name, after, { behaviours }, features },
#include "profiles.def"
};

/* The first row of each opcode, whose two low bits are 1 in every row; where
 * there is no such opcode, a row that cannot match. */
static const uint8_t first_row[32] = {
#define OPCODE(bits, first) [(bits) >> 2] = INSN_##first,
#define INSN(name, format, match, class, effect)
#include "isa.def"
};

/* What the decoder walks, close together; the row after the last matches no
 * opcode. */
static const struct { uint32_t mask, match; } patterns[INSNS + 1] = {
#define INSN(name, format, match, class, effect) { (uint32_t)MASK_##format, match },
#include "isa.def"
};

/* Where to begin. */
static unsigned first_row_of(uint32_t word)
{
	if (isa_opcode(word) != ISA_OPCODE_SYSTEM)
		return first_row[isa_opcode(word) >> 2];
	if (isa_funct3(word) > 4)
		return INSN_ASSIST;
	uint32_t row = INSN_SYSTEM + ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word));
	return row < INSNS ? row : INSNS;
}

enum insn isa_decode(uint32_t word)
{
	for (unsigned i = first_row_of(word); isa_opcode(word ^ patterns[i].match) == 0; i++)
		if ((word & patterns[i].mask) == patterns[i].match)
			return (enum insn)i;
	return INSN_NONE;
}
