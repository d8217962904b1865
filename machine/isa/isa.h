/* What the machine and its software agree on: the instruction table and its
 * decoder, trap causes, the PSW, the trap cells, device commands, profiles, the
 * monitor's anchor and the disk's directory.  Freestanding, and the only header that
 * PG-32 code includes from the host's side.
 */
#ifndef DROSTE_ISA_H
#define DROSTE_ISA_H

#include <stddef.h>
#include <stdint.h>

/* ---- PSW ---------------------------------------------------------------- */

/* M and R of Popek and Goldberg's state <E, M, P, R>, P, and the timer. */
struct psw {
	uint32_t pc;     /* virtual; a multiple of 4 */
	uint32_t status; /* STATUS_* bits */
	uint32_t base;   /* R = (base, bound), in bytes; base a multiple of 4 */
	uint32_t bound;
	uint32_t timer;  /* counts completed instructions down while TE is 1 */
};

enum {
	STATUS_M    = 1, /* 0 supervisor, 1 user */
	STATUS_IE   = 2, /* interrupts enabled */
	STATUS_TE   = 4, /* timer runs */
	STATUS_BITS = STATUS_M | STATUS_IE | STATUS_TE,
	STATUS_MASK = STATUS_IE | STATUS_TE, /* what SSM reads and sets */
};

#define BOUND_ALL UINT32_C(0xFFFFFFFF) /* "all there is above base" */

/* A PSW as whatever loads one leaves it: undefined status bits and the two
 * low bits of pc and base dropped. */
static inline struct psw psw_normal(struct psw psw)
{
	psw.pc &= ~UINT32_C(3);
	psw.status &= STATUS_BITS;
	psw.base &= ~UINT32_C(3);
	return psw;
}

/* True iff an access of n bytes at virtual address a is legal under R =
 * (base, bound) in a storage of size bytes.  Nothing wraps. */
static inline int address_legal(uint32_t a, uint32_t n, uint32_t base, uint32_t bound, uint32_t size)
{
	uint64_t end = (uint64_t)a + n;
	return end <= bound && base + end <= size;
}

/* ---- storage cells, at absolute real addresses -------------------------- */

enum {
	CELL_OLD_PSW   = 0x00, /* E[0] */
	CELL_CAUSE     = 0x14,
	CELL_TVAL      = 0x18,
	CELL_TIMER     = 0x1C, /* profiles with FEATURE_TIMER_CELL: the PSW's timer; else reserved */
	CELL_NEW_PSW   = 0x20, /* E[1] */
	CELL_MAGIC     = 0x34, /* boot images: BOOT_MAGIC */
	CELL_SECTORS   = 0x38, /* boot images: sectors to load at IPL */
	CELL_DIRECTORY = 0x3C, /* boot images of monitors: sector of the directory */
	CELL_FREE      = 0x40, /* the trap handler's own, up to CELL_ANCHOR */
	CELL_ANCHOR    = 0xF0, /* a monitor's struct anchor */
	CELL_PATCHES   = 0x104, /* its struct patch_list, if it has one */
	CELL_FORM      = 0x110, /* a struct form_anchor */
	CELL_COUPLES   = 0x118, /* in images of monitors that couple console lines: COUPLES_MAGIC */

	SECTOR         = 512,  /* bytes */
	STORAGE_LEAST  = 512,  /* bytes */
};

#define BOOT_MAGIC UINT32_C(0x32334750) /* 'PG32' */

/* ---- causes ------------------------------------------------------------- */

enum cause {
#define CAUSE(symbol, name, tval) CAUSE_##symbol,
#include "causes.def"
	CAUSES
};

/* ---- devices ------------------------------------------------------------ */

enum device {
#define DEVICE(symbol, number, name, unit) DEVICE_##symbol = number,
#include "devices.def"
};

enum device_command {
#define COMMAND(device, symbol, number, moves, effect) symbol = number,
#include "devices.def"
};

/* What SIO leaves in rd. */
enum condition { CC_DONE, CC_NOTHING, CC_REFUSED, CC_NO_DEVICE };

/* The command block of SIO.  buffer is an absolute real address: channels do
 * not see R. */
struct command_block {
	uint32_t device, command, unit, buffer, count, result;
};

#define LINES_MOST 32 /* console lines of one machine */

/* ---- instructions ------------------------------------------------------- */

enum insn {
#define INSN(name, format, match, class, effect) INSN_##name,
#include "isa.def"
	INSNS,
	INSN_NONE = INSNS,       /* what no row matches: illegal */
	INSN_SYSTEM = INSN_lpsw, /* the first row of the System ISA */
	INSN_ASSIST = INSN_sie,  /* from here on, what not every machine has */
	SYSTEM_INSNS = INSN_ASSIST - INSN_SYSTEM, /* of the System ISA that every machine has */
	SYSTEM_ROWS = INSNS - INSN_SYSTEM         /* and those beyond */
};

enum format {
#define FORMAT(name, mask, operands, immediate) FORMAT_##name,
#include "formats.def"
};

enum immediate { IMM_NONE, IMM_I, IMM_S, IMM_B, IMM_U, IMM_J, IMM_SHAMT };

/* What an instruction is sensitive to (Popek and Goldberg 1974, section 2). */
enum sensitivity { INNOCUOUS = 0, CONTROL = 1, MODE = 2, LOCATION = 4, CLOCK = 8 };

struct isa_format {
	const char *name;
	uint32_t mask;        /* the bits that an encoding fixes */
	const char *operands; /* see formats.def */
	uint8_t immediate;    /* enum immediate */
};

struct isa_insn {
	const char *name;
	uint8_t format;      /* enum format */
	uint8_t sensitivity; /* of supervisor mode, enum sensitivity or-ed */
	uint32_t match, mask;
	const char *effect;
};

extern const struct isa_format isa_formats[];
extern const struct isa_insn isa_insns[INSNS];
extern const char *const isa_cause_names[CAUSES];

#define ISA_OPCODE_SYSTEM 0x0B

static inline uint32_t isa_opcode(uint32_t word) { return word & 0x7F; }
static inline uint32_t isa_rd(uint32_t word)     { return word >> 7 & 31; }
static inline uint32_t isa_funct3(uint32_t word) { return word >> 12 & 7; }
static inline uint32_t isa_rs1(uint32_t word)    { return word >> 15 & 31; }
static inline uint32_t isa_rs2(uint32_t word)    { return word >> 20 & 31; }
static inline uint32_t isa_funct7(uint32_t word) { return word >> 25; }

/* Bits hi..lo of word, moved to bit at. */
static inline uint32_t isa_bits(uint32_t word, int hi, int lo, int at)
{
	return (word >> lo & ((UINT32_C(2) << (hi - lo)) - 1)) << at;
}

/* value with its bit sign, and all above it, set from that bit. */
static inline uint32_t isa_sign_extend(uint32_t value, int sign)
{
	uint32_t bit = UINT32_C(1) << sign;
	return (value ^ bit) - bit;
}

static inline uint32_t isa_imm_i(uint32_t w) { return isa_sign_extend(w >> 20, 11); }

static inline uint32_t isa_imm_s(uint32_t w)
{
	return isa_sign_extend(isa_bits(w, 31, 25, 5) | isa_bits(w, 11, 7, 0), 11);
}

static inline uint32_t isa_imm_b(uint32_t w)
{
	return isa_sign_extend(isa_bits(w, 31, 31, 12) | isa_bits(w, 7, 7, 11) |
	                       isa_bits(w, 30, 25, 5) | isa_bits(w, 11, 8, 1), 12);
}

/* As it is added: already shifted, which isa_encode does not want. */
static inline uint32_t isa_imm_u(uint32_t w) { return w & UINT32_C(0xFFFFF000); }

static inline uint32_t isa_imm_j(uint32_t w)
{
	return isa_sign_extend(isa_bits(w, 31, 31, 20) | isa_bits(w, 19, 12, 12) |
	                       isa_bits(w, 20, 20, 11) | isa_bits(w, 30, 21, 1), 20);
}

static inline uint32_t isa_immediate(enum immediate kind, uint32_t w)
{
	switch (kind) {
	case IMM_I: return isa_imm_i(w);
	case IMM_S: return isa_imm_s(w);
	case IMM_B: return isa_imm_b(w);
	case IMM_U: return isa_imm_u(w);
	case IMM_J: return isa_imm_j(w);
	case IMM_SHAMT: return isa_rs2(w);
	case IMM_NONE: break;
	}
	return 0;
}

/* The bits of immediate value, where an instruction of that kind keeps them. */
static inline uint32_t isa_place_immediate(enum immediate kind, uint32_t value)
{
	switch (kind) {
	case IMM_I: return value << 20;
	case IMM_SHAMT: return (value & 31) << 20;
	case IMM_S: return isa_bits(value, 11, 5, 25) | isa_bits(value, 4, 0, 7);
	case IMM_B:
		return isa_bits(value, 12, 12, 31) | isa_bits(value, 10, 5, 25) |
		       isa_bits(value, 4, 1, 8) | isa_bits(value, 11, 11, 7);
	case IMM_U: return value << 12;
	case IMM_J:
		return isa_bits(value, 20, 20, 31) | isa_bits(value, 10, 1, 21) |
		       isa_bits(value, 11, 11, 20) | isa_bits(value, 19, 12, 12);
	case IMM_NONE: break;
	}
	return 0;
}

/* An instruction's word.  Operands that it does not have are left out.  Of U format the immediate
 * is the upper 20 bits as a number, as in assembly: lui x1, 1 is isa_encode(INSN_lui, 1, 0, 0, 1), and
 * isa_imm_u of that word is 0x1000. */
static inline uint32_t isa_encode(enum insn insn, unsigned rd, unsigned rs1, unsigned rs2, uint32_t immediate)
{
	const struct isa_insn *row = &isa_insns[insn];
	uint32_t fields = rd << 7 | rs1 << 15 | rs2 << 20;
	enum immediate kind = (enum immediate)isa_formats[row->format].immediate;
	fields &= ~isa_place_immediate(kind, UINT32_MAX);
	return row->match | ((fields | isa_place_immediate(kind, immediate)) & ~row->mask);
}

/* The place of an instruction that every machine has among the System rows, if it is one:
 * funct3 tells apart those of I format, funct7 those that share funct3 4. */
#define ISA_SYSTEM_ROW(funct7, funct3) ((funct3) < 4 ? (funct3) : 4 + (funct7))

/* The row that word matches, or INSN_NONE: illegal in both modes.  Not every machine has
 * those from INSN_ASSIST on: see profile_has. */
enum insn isa_decode(uint32_t word);

/* ---- profiles ----------------------------------------------------------- */

/* What user mode does with a System instruction. */
enum user_action {
#define ACTION(symbol, name, says, effect) USER_##symbol,
#include "profiles.def"
	USER_ACTIONS
};

enum profile_feature {
#define FEATURE(symbol, bit, name, effect) FEATURE_##symbol = bit,
#include "profiles.def"
};

struct profile {
	const char *name, *after;
	uint8_t user[SYSTEM_ROWS]; /* enum user_action, by insn - INSN_SYSTEM */
	uint8_t features;          /* enum profile_feature or-ed */
};

enum profile_number {
#define PROFILE(name, after, behaviours, features) PROFILE_##name,
#include "profiles.def"
	PROFILES
};

extern const struct profile isa_profiles[PROFILES];

/* True iff a machine of the profile has the instruction; else its words are illegal. */
static inline int profile_has(const struct profile *profile, enum insn insn)
{
	return insn < INSN_ASSIST || (insn == INSN_sie && profile->features & FEATURE_SIE);
}

/* ---- interpretive execution --------------------------------------------- */

/* Why it ends. */
enum interception {
#define INTERCEPTION(symbol, number, name, parameter, when) INTERCEPTION_##symbol = number,
#include "interceptions.def"
	INTERCEPTIONS
};

extern const char *const isa_interception_names[INTERCEPTIONS]; /* from 1 on */

/* The operand of SIE.  What follows extent is the guest's state when it begins and, once
 * it has ended, where it stands; the last three words are the machine's only to write. */
struct state_description {
	uint32_t origin, extent; /* the guest's storage, in the host's real storage; bytes */
	struct psw psw;
	uint32_t clock[2];       /* low and high */
	uint32_t trapped;        /* 1: a trap was taken and nothing completed since */
	uint32_t pending;        /* lines with an I/O interrupt for the guest, a bit each */
	uint32_t code;           /* enum interception */
	uint32_t parameter;
	uint32_t completed;      /* instructions of the guest, from SIE on; modulo 2^32 */
};

/* True iff a host with size bytes of storage may give the guest what it is said to have. */
static inline int state_description_valid(const struct state_description *d, uint32_t size)
{
	return d->origin % 4 == 0 && d->extent % 4 == 0 && d->extent >= STORAGE_LEAST &&
	       d->extent <= size && d->origin <= size - d->extent;
}

#define STATE_WORDS (sizeof(struct state_description) / 4)

/* ---- what software agrees on -------------------------------------------- */

#define ANCHOR_MAGIC UINT32_C(0x314D4D56) /* 'VMM1' */
#define NAME_BYTES 12

/* At CELL_ANCHOR of a monitor's own storage.  Data from an untrusted program:
 * validated, never believed. */
struct anchor {
	uint32_t magic;       /* ANCHOR_MAGIC */
	uint32_t table;       /* address of the VM table */
	uint32_t entries;
	uint32_t entry_bytes; /* at least sizeof(struct vm_entry) */
	uint32_t running;     /* index of the VM now running, or -1 */
};

enum vm_state { VM_EMPTY, VM_RUNNABLE, VM_WAITING, VM_HALTED, VM_CHECK_STOPPED, VM_DISABLED_WAIT, VM_STATES };

/* The first 256 bytes of each entry of a monitor's VM table. */
struct vm_entry {
	uint32_t state;           /* enum vm_state */
	uint32_t exit_code;
	uint32_t region, size;    /* bytes, in the monitor's real storage */
	struct psw psw;           /* virtual */
	uint32_t x[32];           /* as last saved */
	uint32_t clock[2];        /* virtual, low and high, at the last exit */
	uint32_t timer_loaded;    /* at the last resume: clock now = clock + this - timer now */
	uint32_t trapped;         /* the virtual trapped bit */
	uint32_t exits[CAUSES];   /* by cause */
	uint32_t emulated, reflected;
	uint32_t first_sector, sectors;
	uint32_t first_line, lines;
	uint32_t pending;         /* virtual, one bit a line */
	char name[NAME_BYTES];    /* padded with 0 */
};

#define PATCHES_MAGIC UINT32_C(0x48435450) /* 'PTCH' */

/* Behind the anchor of a monitor that puts other words in the place of its guests'
 * instructions, if it owns up to it: where, what stood there, and what does now unless
 * the guest has overwritten it.  Addresses are in the monitor's real storage. */
struct patch_list {
	uint32_t magic; /* PATCHES_MAGIC */
	uint32_t at, count;
};

struct patch {
	uint32_t at, original, in_place;
};

#define FORM_MAGIC UINT32_C(0x4D524F46) /* 'FORM' */

/* At CELL_FORM of the storage of a program that makes a virtual machine of another kind (guests/forms):
 * where it describes that machine's state, for those who look on.  All addresses are in the
 * program's own storage; like an anchor, it is validated and never believed. */
struct form_anchor {
	uint32_t magic; /* FORM_MAGIC */
	uint32_t at;    /* of a struct form_description */
};

/* One machine, or a table of them that are alike: addresses are those of the first row. */
struct form_description {
	char name[24];
	uint32_t rows, row_bytes;
	uint32_t present;      /* a word that is 0 in a row that is not in use; 0: all are */
	uint32_t region, size; /* words that say which part of storage is the row's, where there may be a form or a monitor
	                        * again; 0: none */
	uint32_t steps;        /* a word that is stored into at each of its steps; 0: none */
	uint32_t fields, n;    /* struct form_field */
};

enum form_style { FORM_SIGNED, FORM_HEX, FORM_BITS, FORM_TEXT };

struct form_field {
	char name[12];
	uint32_t at, count; /* words or, of text, bytes */
	uint32_t top;       /* a word that is an index: the count words up to that one; 0: from at on */
	uint32_t style;     /* enum form_style */
	uint8_t bytes;      /* of a single value; 0: 4 */
	uint8_t hops, hop[6]; /* at is a word that is an address, plus hop[0] that of the next, and so on: so often */
};

#define COUPLES_MAGIC UINT32_C(0x45524957) /* 'WIRE' */

#define DIRECTORY_ENTRIES 16

/* Two console lines that a monitor is to couple, if it can (monitors/coupling.c): what goes out
 * on one comes in on the other.  VMs are counted from 1, as the directory has them; 0: no coupling. */
struct coupling {
	uint8_t first, first_line;
	uint8_t second, second_line;
};

/* An entry of the directory sector on a monitor's boot disk: one minidisk and
 * the VM that boots from it. */
struct directory_entry {
	uint32_t first_sector, sectors; /* sectors 0 ends the directory, but not the couplings */
	uint32_t storage;               /* bytes; 0: an equal share of what is left */
	uint32_t lines;
	char name[NAME_BYTES];
	struct coupling coupling;       /* of any two lines */
};

_Static_assert(sizeof(struct psw) == 20, "five words");
_Static_assert(sizeof(struct command_block) == 24, "six words");
_Static_assert(sizeof(struct anchor) == 20, "five words");
_Static_assert(offsetof(struct vm_entry, psw) == 16, "the VM table's layout");
_Static_assert(offsetof(struct vm_entry, x) == 36, "the VM table's layout");
_Static_assert(offsetof(struct vm_entry, clock) == 164, "the VM table's layout");
_Static_assert(offsetof(struct vm_entry, exits) == 180, "the VM table's layout");
_Static_assert(offsetof(struct vm_entry, first_sector) == 224, "the VM table's layout");
_Static_assert(offsetof(struct vm_entry, name) == 244, "the VM table's layout");
_Static_assert(sizeof(struct vm_entry) == 256, "the VM table's layout");
_Static_assert(sizeof(struct state_description) == 56, "fourteen words");
_Static_assert(sizeof(struct directory_entry) == 32, "sixteen to a sector");

#endif
