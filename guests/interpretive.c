/* A program that uses SIE itself, where there is one: what ends the run of its guest, and what
 * the state description then says.  It knows of no right answers: all that is seen goes into
 * the digest, and the bare machine has the right one.  Where SIE is illegal, only that is seen.
 */
// input: "an attention"
// expect-exit: 0
// expect-output: "interpretive: 0 checks, 0 failed, digest 000882d8\n"
#include "world.h"

enum {
	RD = 5, RS1 = 6,
	ORIGIN = 0x800, EXTENT = 0x800,       /* the guest's storage, in the world's window */
	CODE = 0x100, HANDLER = 0x200,        /* its addresses */
	LONGER_THAN_A_QUANTUM = 60000,
};

#define LOOP 0x6Fu /* jal x0, 0 */

static struct state_description *description(void) { return (struct state_description *)world_word(WORLD_DATA); }

/* A word of the guest's storage. */
static uint32_t *guest_word(uint32_t a) { return world_word(ORIGIN + a); }

/* The world does one SIE under a timer of its own; the guest runs these words. */
static void make(uint32_t status, uint32_t timer, uint32_t guest_status, const uint32_t *words, unsigned n)
{
	const uint32_t sie = insn(OP_sie, 0, 0, WORLD_DATA);
	world_make(status, &sie, 1);
	world.psw.timer = timer;
	world_set(RS1, 7);
	*description() = (struct state_description){ WORLD + ORIGIN, EXTENT, { CODE | 3, guest_status, 0, BOUND_ALL, 9 }, { 5, 6 }, 0, 0, 1, 2, 3 };
	*guest_word(CELL_NEW_PSW) = HANDLER | 1;
	*guest_word(CELL_NEW_PSW + 12) = EXTENT;
	*guest_word(HANDLER) = insn(OP_halt, 0, RD, 0);
	for (unsigned i = 0; i < n; i++)
		*guest_word(CODE + 4 * i) = words[i];
}

static void run(void)
{
	world_enter(&world);
	check_saw((const uint32_t *)&world, sizeof(world) / sizeof(uint32_t));
	check_saw(world_word(WORLD_DATA), STATE_WORDS);
	check_saw(guest_word(0), CODE / 4);
	uint32_t cycles = world_cycles();
	check_saw(&cycles, 1);
}

static void arm(void)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	sio(&block);
}

/* ---- what ends it ------------------------------------------------------- */

static void every_instruction(void)
{
	static const uint32_t words[] = {
#define FIXED(funct7, funct3, opcode) (funct7) << 25 | (funct3) << 12 | (opcode)
#define RS2(n) (n) << 20
#define INSN(name, format, match, class, effect)
#define SYSTEM(name, format, match, class, effect) match,
#define ASSIST(name, format, match, class, effect) match,
#include "isa/isa.def"
		OP_ecall, OP_ebreak, 0, OP_addi, LOOP,
	};
	static const uint32_t statuses[] = { 0, STATUS_M, STATUS_IE, STATUS_TE, STATUS_IE | STATUS_TE, STATUS_M | STATUS_IE | STATUS_TE | 8 };
	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (unsigned k = 0; k < sizeof(statuses) / sizeof(*statuses); k++) {
			const uint32_t code[] = { words[i], OP_halt };
			make(STATUS_TE, 40, statuses[k], code, 2);
			run();
		}
}

static void timers(void)
{
	static const uint32_t loop = LOOP;
	for (uint32_t timer = 0; timer < 6; timer++) {
		make(STATUS_TE, timer, STATUS_TE | STATUS_IE, &loop, 1);
		run();
	}
	make(STATUS_TE | STATUS_IE, LONGER_THAN_A_QUANTUM, 0, &loop, 1);
	run();
}

static void interrupts(void)
{
	static const uint32_t loop = LOOP;
	static const uint32_t waits[] = { OP_wait, OP_halt };
	for (uint32_t status = 0; status < 8; status++) {
		make(STATUS_TE, 30, status, waits, 2);
		description()->pending = 5;
		description()->trapped = status & 1;
		run();
		make(0, 0, status, &loop, 1);
		*guest_word(HANDLER) = LOOP;
		arm();
		run();
	}
}

/* Two traps with nothing between them, and from SIE on. */
static void check_stops(void)
{
	for (unsigned trapped = 0; trapped < 4; trapped++) {
		static const uint32_t code = OP_ecall;
		make(STATUS_TE, 30, 0, &code, 1);
		description()->trapped = trapped;
		*guest_word(HANDLER) = OP_ebreak;
		run();
	}
}

/* Descriptions that are not valid, or hardly. */
static void edges(void)
{
	static const uint32_t origins[] = { 0, 2, 4, ORIGIN, ORIGIN + 4, UINT32_MAX - 3 };
	static const uint32_t extents[] = { 0, 508, 512, 514, EXTENT, UINT32_MAX - 3 };
	const uint32_t load[] = { insn(OP_lw, RD, 0, 508), insn(OP_lw, RD, 0, 512), OP_halt };
	for (unsigned i = 0; i < sizeof(origins) / sizeof(*origins); i++)
		for (unsigned k = 0; k < sizeof(extents) / sizeof(*extents); k++) {
			make(STATUS_TE, 30, 0, load, 3);
			description()->origin = origins[i] < WORLD ? WORLD + origins[i] : origins[i];
			description()->extent = extents[k];
			if (origins[i] == 0 && extents[k] > 508)
				description()->origin = storage_size - 508; /* a word too many */
			run();
		}
}

int main(void)
{
	every_instruction();
	timers();
	interrupts();
	check_stops();
	edges();
	print("interpretive: ");
	return check_report();
}
