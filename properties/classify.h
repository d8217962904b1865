/* What every instruction of a machine is, in the words of Popek and Goldberg 1974
 * ('Instruction Behavior'): privileged, control sensitive, behaviour sensitive,
 * innocuous; and what their theorems then say of the machine.  Derived by running pairs of
 * states on the plain executor, never from the class column of the instruction table.
 * Each verdict keeps the first pair of states that shows it.
 *
 * Where the paper's state <E, M, P, R> is less than what PG-32 has, both verdicts are
 * kept: the letter's, and ours, in which IE, TE, timer, clock and devices count too.
 */
#ifndef DROSTE_CLASSIFY_H
#define DROSTE_CLASSIFY_H

#include "machine/window.h"

/* ---- states: classify_states.c ------------------------------------------ */

#define CLASSIFY_STORAGE UINT32_C(2048) /* q of every state, bytes */

/* How an instruction word names its operands. */
enum classify_operands {
	OPERANDS_DISTINCT, /* a register each */
	OPERANDS_RD_X0,
	OPERANDS_RD_RS1,   /* the same register */
	OPERANDS_RS1_X0,
	OPERANDS_RS1_RS2,
	OPERAND_CLASSES
};

extern const char *const classify_operand_names[OPERAND_CLASSES];

/* What stands in storage at rs1 + imm, if that is in the window. */
enum classify_block {
	BLOCK_NONE,
	BLOCK_PSW_SUPERVISOR, /* another R, supervisor mode */
	BLOCK_PSW_USER,
	BLOCK_DISK_READ,      /* command blocks; buffers at CLASSIFY_BUFFER */
	BLOCK_DISK_WRITE,
	BLOCK_CONSOLE_WRITE,
	BLOCK_CONSOLE_READ,
	BLOCK_CONSOLE_ARM,
	BLOCK_STATE,          /* a valid state description, for SIE only */
	BLOCKS
};

extern const char *const classify_block_names[BLOCKS];

#define CLASSIFY_BUFFER UINT32_C(512)

/* The registers that words name, where their classes of operands do not say otherwise. */
enum { CLASSIFY_RD = 10, CLASSIFY_RS1, CLASSIFY_RS2 };

/* A state before an instruction, by what is worth varying.  All else is fixed: the
 * window (the storage from base, at most bound bytes) holds a pattern by virtual
 * address, other storage one by real address, console line 0 has input waiting. */
struct classify_state {
	enum insn insn;
	uint32_t word;      /* stands at pc, if that is in the window */
	struct psw psw;
	uint32_t rs1, rs2;  /* values of these registers; x0 stays 0 */
	enum classify_block block;
	uint64_t clock;
	bool pending;       /* an interrupt of console line 0 */
};

/* Calls visit for every state that is tried, in supervisor mode, the simple ones first. */
typedef void classify_visitor(void *self, const struct classify_state *state);

bool classify_has_operands(enum insn insn, enum classify_operands operands);
void classify_each_state(enum insn insn, enum classify_operands operands, classify_visitor *visit, void *self);

/* The words of a block; returns how many. */
#define BLOCK_WORDS_MOST STATE_WORDS
size_t classify_block_words(enum classify_block block, uint32_t words[BLOCK_WORDS_MOST]);

/* The address rs1 + imm. */
uint32_t classify_operand(const struct classify_state *state);

/* Bytes of the window: how much of storage R lets the state reach. */
uint32_t classify_window(const struct psw *psw);

/* ---- running a state: classify_bench.c ---------------------------------- */

enum classify_kind {
	CLASSIFY_COMPLETED,
	CLASSIFY_TRAPPED,
	CLASSIFY_INTERRUPTED, /* the instruction was not reached */
	CLASSIFY_STOPPED,     /* it ended the machine, or waits */
};

/* A state after one step. */
struct classify_outcome {
	enum classify_kind kind;
	enum cause cause;        /* if it trapped */
	uint32_t tval;
	struct psw psw;          /* if it did not */
	uint32_t x[32];
	uint64_t clock;
	enum machine_end end;
	bool device;             /* a command was carried out */
	bool armed, pending;
	uint64_t moved;          /* digest of what devices got */
	bool touched;            /* storage outside the region was changed */
	uint8_t storage[CLASSIFY_STORAGE];
};

/* All of storage before the step. */
void classify_storage(const struct classify_state *state, uint8_t storage[CLASSIFY_STORAGE]);

/* A machine to run states on.  A virtual bench has storage below and above that of the
 * state, which must not be touched, and the state's storage from CLASSIFY_STORAGE on. */
struct classify_bench;

struct classify_bench *classify_bench_new(const struct profile *profile, bool virtual, struct refusal *why);
void classify_bench_free(struct classify_bench *bench);
void classify_run(struct classify_bench *bench, const struct classify_state *state, struct classify_outcome *outcome);

/* f(S), the virtual machine map, as a monitor would set up the machine to run the state directly:
 * user mode, R composed and clamped, IE and TE on, a timer and a clock of its own. */
void classify_run_virtual(struct classify_bench *bench, const struct classify_state *state,
                          struct classify_outcome *outcome);
#define CLASSIFY_CLOCK_AHEAD 1000000 /* of the real clock before the virtual one */
struct psw classify_real_psw(const struct classify_state *state);

/* ---- verdicts: classify.c ----------------------------------------------- */

/* A part of the state in which two outcomes differ. */
enum classify_part {
	PART_NONE, PART_STORAGE, PART_PC, PART_M, PART_R, PART_REGISTER, PART_MASK, PART_TIMER, PART_CLOCK,
	PART_DEVICE, PART_END, PART_TRAP, PART_OUTSIDE, PARTS
};

struct classify_difference {
	enum classify_part part;
	uint32_t where;     /* virtual address, or number of a register; R: 0 base, 1 bound */
	uint64_t a, b;      /* PART_TRAP: causes, or CAUSES if it completes; PART_END: kinds */
};

/* How much must count as state for a verdict to hold. */
enum classify_extent {
	EXTENT_NONE,      /* it does not */
	EXTENT_OURS,      /* IE, TE, timer, clock, devices, stopping */
	EXTENT_REGISTERS, /* <E, M, P, R> and registers, of which the paper has none */
	EXTENT_LETTER,    /* <E, M, P, R> */
};

struct classify_verdict {
	enum classify_extent extent;
	bool keeps;                     /* both outcomes keep M and R: behaviour sensitive */
	bool opened;                    /* user mode was let execute the instruction */
	struct classify_state a, b;     /* of control and DX: only a */
	struct classify_difference difference;
};

/* On what an instruction can be sensitive. */
enum classify_property {
	PROPERTY_CONTROL,  /* it changes M or R other than by a trap */
	PROPERTY_MODE,     /* its results depend on M */
	PROPERTY_LOCATION, /* ... on the base of R, windows being equal */
	PROPERTY_BOUND,    /* ours: ... on the bound of R */
	PROPERTY_CLOCK,    /* ours: ... on timer or clock */
	PROPERTY_MASK,     /* ours: ... on IE and TE */
	PROPERTIES
};

extern const char *const classify_property_names[PROPERTIES];

enum classify_privilege { PRIVILEGED_NO, PRIVILEGED_PARTIALLY, PRIVILEGED_YES, PRIVILEGED_UNKNOWN };

/* One instruction with one class of operands, or with any. */
struct classified {
	enum insn insn;
	uint64_t pairs, trapping;                  /* of supervisor and user mode; traps as privileged must */
	struct classify_verdict trap, no_trap;     /* a pair that does so; one that does not */
	struct classify_verdict asymmetry;         /* the two modes trap with different causes */
	struct classify_verdict sensitive[2][PROPERTIES]; /* by M of the state; MODE: only [0] */
	struct classify_verdict dx[2];             /* by virtual M */
};

struct classification {
	struct profile profile;
	uint64_t runs;
	struct classified any[INSNS];              /* over all operands */
	struct classified by[INSNS][OPERAND_CLASSES];
};

/* Large: to be freed with free().  NULL if refused.  only: the instructions to classify;
 * NULL for all. */
struct profile classify_opened(const struct profile *profile); /* its user mode executes what it trapped */
struct classification *classify(const struct profile *profile, const bool only[INSNS], struct refusal *why);

enum classify_privilege classify_privilege(const struct classified *c);

/* In either mode; in one mode only: supervisor and user sensitivity. */
enum classify_extent classify_extent(const struct classified *c, enum classify_property property);
const struct classify_verdict *classify_strongest(const struct classified *c, enum classify_property property);

/* As the table's class column would have it, bits of enum sensitivity. */
unsigned classify_column(const struct classified *c);

/* ---- theorems: classify_theorems.c -------------------------------------- */

enum classify_theorem {
	THEOREM_1,          /* sensitive instructions are privileged */
	THEOREM_2,          /* the same, and a monitor without timing dependency exists */
	THEOREM_3,          /* user sensitive instructions are privileged */
	THEOREM_DX,         /* ours: direct execution is right in both virtual modes */
	THEOREM_DX_USER,    /* in virtual user mode: what a hybrid monitor needs */
	THEOREMS
};

extern const char *const classify_theorem_names[THEOREMS], *const classify_theorem_texts[THEOREMS];

/* In the theorems' sense: privileged or not. */
bool classify_sensitive(const struct classified *c, enum classify_extent least);
bool classify_user_sensitive(const struct classified *c, enum classify_extent least);

/* True iff the instruction breaks the theorem.  least says what counts as state:
 * EXTENT_REGISTERS for the letter of the paper, EXTENT_OURS.  DX knows only one. */
bool classify_breaks(const struct classified *c, enum classify_theorem theorem, enum classify_extent least);

/* In one sentence, why the letter of the theorem and DX judge the instruction otherwise;
 * false if they do not.  theorem is THEOREM_1 or THEOREM_3. */
bool classify_disagree(const struct classified *c, enum classify_theorem theorem, char *to, size_t n);

#endif
