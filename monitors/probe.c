/* The profile of the machine beneath, found out by trying: each System instruction in
 * user mode, to see whether it traps, and the features of whole machines.  What is seen
 * names a row of the table of profiles.  It happens before there are VMs: start in entry.S
 * comes here in the place of boot.  Asked by processor.c and by those decisions that must
 * know.
 */

#include "monitors.h"

/* What can be seen of a machine, one bit each: bit i for the i-th System instruction,
 * if it does not trap in user mode; and these. */
enum {
	SEEN_LRA_LEGAL  = 1 << SYSTEM_INSNS, /* nor does LRA where the address is legal */
	SEEN_KSEG       = 2 << SYSTEM_INSNS,
	SEEN_TIMER_CELL = 4 << SYSTEM_INSNS,
};

#define A0 10

/* Where it is tried: the instruction, an EBREAK, room for operands. */
struct trial {
	uint32_t word, ebreak, operands[8];
};

#define AFTER offsetof(struct trial, ebreak)

/* The cause of the trap that ends it. */
static enum cause try_it(uint32_t word, uint32_t a0, uint32_t status)
{
	struct trial trial = { word, isa_insns[INSN_ebreak].match, { 0 } };
	struct psw psw = { 0, status, (uint32_t)&trial, sizeof(trial), 0 };
	return probe_enter(&psw, a0);
}

static bool lets(enum insn insn, uint32_t a0)
{
	return try_it(isa_encode(insn, 0, A0, 0, AFTER), a0, STATUS_M) != CAUSE_PRIVILEGED;
}

/* On a machine whose user mode stops it, or reaches its devices, trying these would be the
 * end of us, and nothing else could be done with it either. */
static bool is_dangerous(enum insn insn) { return insn == INSN_sio || insn == INSN_wait || insn == INSN_halt; }

/* Whichever jumps, jumps to the EBREAK; whichever has an operand, has it behind that; LRA
 * is tried with an address that is not legal, too. */
static uint32_t look_at_instructions(void)
{
	uint32_t seen = 0;
	for (int i = 0; i < SYSTEM_INSNS; i++) {
		enum insn insn = (enum insn)(INSN_SYSTEM + i);
		if (!is_dangerous(insn) && lets(insn, insn == INSN_lra ? UINT32_MAX : AFTER))
			seen |= UINT32_C(1) << i;
	}
	if (lets(INSN_lra, AFTER))
		seen |= SEEN_LRA_LEGAL;
	return seen;
}

static uint32_t look_at_features(void)
{
	uint32_t word = isa_encode(INSN_lw, 0, A0, 0, 0), seen = 0;
	if (try_it(word, UINT32_C(1) << 31, 0) != CAUSE_MEMORY)
		seen |= SEEN_KSEG;
	volatile uint32_t *timer_cell = &cells.reserved;
	*timer_cell = UINT32_MAX;
	if (*timer_cell != UINT32_MAX)
		seen |= SEEN_TIMER_CELL;
	return seen;
}

/* What would be seen on a machine of this profile. */
static uint32_t seen_of(const struct profile *row)
{
	uint32_t seen = 0, lra = row->user[INSN_lra - INSN_SYSTEM];
	for (int i = 0; i < SYSTEM_INSNS; i++)
		if (row->user[i] != USER_TRAP && !is_dangerous((enum insn)(INSN_SYSTEM + i)))
			seen |= UINT32_C(1) << i;
	if (lra != USER_TRAP && lra != USER_PROBE)
		seen |= SEEN_LRA_LEGAL;
	if (row->features & FEATURE_KSEG)
		seen |= SEEN_KSEG;
	if (row->features & FEATURE_TIMER_CELL)
		seen |= SEEN_TIMER_CELL;
	return seen;
}

static const struct profile *profile;

static void look(void)
{
	uint32_t seen = look_at_instructions() | look_at_features();
	for (profile = isa_profiles; profile < isa_profiles + PROFILES; profile++)
		if (seen_of(profile) == seen)
			return;
	say("the machine is of no profile that is known here, and taken for a strict one", NULL);
	profile = &isa_profiles[PROFILE_strict];
}

void __wrap_boot(void);
void __real_boot(void);

void __wrap_boot(void)
{
	look();
	__real_boot();
}

const struct profile *probed_profile(void) { return profile; }

bool escapes(uint32_t word)
{
	if (isa_opcode(word) != ISA_OPCODE_SYSTEM)
		return false;
	enum insn insn = isa_decode(word);
	return insn != INSN_NONE && profile->user[insn - INSN_SYSTEM] != USER_TRAP;
}
