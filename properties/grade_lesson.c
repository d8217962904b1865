/* Findings made into lessons.  See grade_lesson.h. */

#include "grade_lesson.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "grade_text.h"

const struct creed property_creeds[PROPERTIES] = {
	[PROPERTY_EQUIVALENCE] = { "A program under the monitor does what it does on the bare machine.",
	                           "Popek and Goldberg 1974, Virtual Machine Concepts: the equivalence property" },
	[PROPERTY_CONTROL] = { "No program can affect a resource that the monitor has not given to it.",
	                       "Popek and Goldberg 1974, Virtual Machine Concepts: the resource control property" },
	[PROPERTY_EFFICIENCY] = { "All innocuous instructions are executed by the hardware directly, with no intervention at all.",
	                          "Popek and Goldberg 1974, Virtual Machine Concepts: the efficiency property" },
	[PROPERTY_ISOLATION] = { "What one virtual machine does cannot depend on what another does.",
	                         "droste-check(1), isolation; not the paper's, but what users of a monitor rely on" },
	[PROPERTY_RECURSION] = { "A copy of the monitor runs under the monitor itself, with all of its properties.",
	                         "Popek and Goldberg 1974, Recursive Virtualization: Theorem 2" },
	[PROPERTY_INSPECTION] = { "What the monitor's anchor and VM table say is true.",
	                          "docs/machine.md, What software agrees on" },
};

/* ---- what a finding shows ----------------------------------------------- */

static enum insn instruction(const struct finding *f)
{
	return f->where.has_word ? isa_decode(f->where.word) : INSN_NONE;
}

static bool is_system(enum insn insn) { return insn >= INSN_SYSTEM && insn < INSNS; }
static bool says(const struct finding *f, const char *text) { return strstr(f->what, text) != NULL; }
static bool was_supervisor(const struct finding *f) { return !(f->where.before.psw.status & STATUS_M); }

/* The step is known: the virtual machine was in step before it. */
static bool located(const struct finding *f) { return f->where.found && !f->where.at_start; }

static bool emulating(const struct finding *f)
{
	return located(f) && !f->where.direct && f->where.cause == CAUSE_PRIVILEGED && was_supervisor(f) && is_system(instruction(f));
}

static bool same_but_time(const struct moment *a, const struct moment *b)
{
	return a->psw.pc == b->psw.pc && a->psw.status == b->psw.status && a->psw.base == b->psw.base &&
	       a->psw.bound == b->psw.bound && memcmp(a->x + 1, b->x + 1, 31 * sizeof(a->x[0])) == 0;
}

static bool memory_operand(enum insn insn)
{
	return insn == INSN_lpsw || insn == INSN_spsw || insn == INSN_sio || insn == INSN_stck;
}

/* ---- classes ------------------------------------------------------------ */

static bool never(const struct finding *f) { return f->entries == 0 && !f->where.came_back; }

static bool babbles(const struct finding *f) { return says(f, "output, which does not end"); }

static bool ends_at_once(const struct finding *f)
{
	return never(f) && (says(f, "under the monitor the end is") || says(f, "the monitor's machine ends"));
}

static bool hangs_at_once(const struct finding *f)
{
	return says(f, "never entered") || (f->where.found && f->where.at_start && !f->where.came_back);
}

static bool wrong_reset(const struct finding *f) { return f->where.found && f->where.at_start && f->where.came_back; }

static bool wrong_reset_trap(const struct finding *f)
{
	return wrong_reset(f) && f->where.different > 0 && f->where.address < CELL_NEW_PSW;
}

static bool ends_early(const struct finding *f)
{
	return says(f, "the monitor's machine ends") || (located(f) && !f->where.direct && !f->where.came_back &&
	       f->where.bare.end == MACHINE_RUNNING && f->where.virtual.end != MACHINE_RUNNING);
}

static bool does_not_return(const struct finding *f)
{
	return says(f, "was not entered again") || says(f, "does not go on");
}

/* Its bare twin has ended there. */
static bool misses_check_stop(const struct finding *f)
{
	return located(f) && f->where.bare.end == MACHINE_CHECK_STOPPED && f->where.virtual.end != MACHINE_CHECK_STOPPED;
}

static bool misses_timer(const struct finding *f)
{
	const struct psw *psw = &f->where.before.psw;
	return located(f) && f->where.interrupt && psw->status & STATUS_TE && psw->timer == 0;
}

static bool misses_attention(const struct finding *f) { return located(f) && f->where.interrupt; }

static bool interrupts_early(const struct finding *f)
{
	return located(f) && !f->where.direct && (f->where.cause == CAUSE_TIMER || f->where.cause == CAUSE_IO);
}

/* A register that the step does not write. */
static bool loses_register(const struct finding *f)
{
	const struct divergence *d = &f->where;
	if (!located(f) || d->bare.trapped != d->virtual.trapped)
		return false;
	for (unsigned x = 1; x < 32; x++)
		if (d->bare.x[x] != d->virtual.x[x] && d->bare.x[x] == d->before.x[x] && (!d->has_word || isa_rd(d->word) != x))
			return true;
	return false;
}

static bool runs_privileged(const struct finding *f) { return located(f) && f->where.direct && is_system(instruction(f)); }
static bool runs_wrong(const struct finding *f) { return located(f) && f->where.direct; }

static bool emulates_for_user(const struct finding *f)
{
	return located(f) && !f->where.direct && f->where.cause == CAUSE_PRIVILEGED && !was_supervisor(f);
}

static bool checks_operand(const struct finding *f)
{
	return emulating(f) && memory_operand(instruction(f)) && f->where.bare.trapped != f->where.virtual.trapped;
}

static bool emulates_untimed(const struct finding *f)
{
	const struct divergence *d = &f->where;
	bool late = d->bare.clock != d->virtual.clock || (d->bare.psw.timer != d->virtual.psw.timer && d->different == 0);
	return emulating(f) && instruction(f) != INSN_wait && same_but_time(&d->bare, &d->virtual) && late;
}

static bool emulates_r(const struct finding *f)
{
	const struct psw *b = &f->where.bare.psw, *v = &f->where.virtual.psw;
	return emulating(f) && (b->base != v->base || b->bound != v->bound);
}

static bool emulates_sio(const struct finding *f) { return emulating(f) && instruction(f) == INSN_sio; }
static bool emulates_wait(const struct finding *f) { return emulating(f) && instruction(f) == INSN_wait; }

static bool reflects_wrong(const struct finding *f)
{
	return located(f) && !f->where.direct && f->where.cause != CAUSE_PRIVILEGED;
}

static bool traps_for_nothing(const struct finding *f)
{
	return located(f) && !f->where.direct && f->where.cause == CAUSE_MEMORY && !f->where.bare.trapped;
}

static bool leaves_wrong(const struct finding *f)
{
	return says(f, "output") || says(f, "disk") || says(f, "the end") || says(f, "exit code") || says(f, "storage");
}

static bool region(const struct finding *f) { return says(f, "user mode under base") || says(f, "reaches beyond"); }

static bool masked(const struct finding *f)
{
	return says(f, "real interrupts off") || says(f, "real timer stopped") || says(f, "while another may want to run");
}

static bool real_supervisor(const struct finding *f)
{
	return says(f, "supervisor mode") || says(f, "carried out by the real machine");
}

static bool transfer(const struct finding *f) { return says(f, "transfer") || says(f, "SIO reached"); }
static bool starves(const struct finding *f) { return says(f, "get its turn") || says(f, "nobody else does"); }
static bool costs(const struct finding *f) { return says(f, "exits of level 0"); }
static bool not_direct(const struct finding *f) { return says(f, "not executed directly"); }
static bool exits_often(const struct finding *f) { return says(f, "left more often"); }
static bool miscounts(const struct finding *f) { return says(f, "exits") || says(f, "reflected") || says(f, "emulated"); }
static bool tells_time(const struct finding *f) { return says(f, "timer") || says(f, "clock"); }
static bool wrong_for_monitor(const struct finding *f) { return f->depth == 1 && !f->where.found; }
static bool any(const struct finding *f) { return f != NULL; }

#define EQ (1u << PROPERTY_EQUIVALENCE | 1u << PROPERTY_RECURSION)
#define RC (1u << PROPERTY_CONTROL | 1u << PROPERTY_RECURSION | 1u << PROPERTY_ISOLATION)
#define EF (1u << PROPERTY_EFFICIENCY)
#define IS (1u << PROPERTY_ISOLATION | 1u << PROPERTY_CONTROL)
#define RE (1u << PROPERTY_RECURSION)
#define IN (1u << PROPERTY_INSPECTION)

/* The first row that fits is the class.  In part and correct, %i stands for the
 * instruction, %c for the cause of the trap, %e for what the manual says that the
 * instruction does.  To add a class: a row, a function above that knows it, and a monitor
 * that has the fault in tests/grade.c. */
static const struct fault faults[] = {
	{ "not a monitor", 0, NULL, "the file itself",
	  "It is a 32-bit little-endian RISC-V ELF executable, or boot disk, that begins at address 0 and has the word 'VMM1' at 0xF0.",
	  "docs/machine.md, What software agrees on" },
	{ "over budget", 0, NULL, "the path from a trap back to the guest",
	  "It needs a few hundred instructions for each trap of its guest, and none for instructions that do not trap.",
	  "docs/grading.md, Budgets" },
	{ "not reached", 0, NULL, "whatever runs before the first LPSW into a guest",
	  "It enters its guest: see the tests before this one.", "docs/grading.md, What is not run" },
	{ "never-ending output", EQ, babbles, "the console routine, or a loop that writes",
	  "It writes a message or two on its own console line, and each of its guests' output once.",
	  "docs/machine.md, Devices" },
	{ "costly recursion", RE, costs, "the dispatcher's trip from a trap back to the guest (a world switch)",
	  "On the way from a trap to the LPSW that resumes its guest it executes no other privileged instruction, since each of them is a "
	  "trap of the monitor beneath: one at each level makes 2 to the depth less 1, two make 3 to the depth.",
	  "docs/primer.md, The theorems" },
	{ "ends at once", EQ, ends_at_once, "the boot: from the reset to the first LPSW into a guest",
	  "It reads the directory on its disk, gives each VM storage, loads its image, performs its reset and resumes it. It ends when its last VM does.",
	  "docs/machine.md, What software agrees on" },
	{ "never enters its guest", EQ, hangs_at_once,
	  "the boot, up to the first LPSW to real user mode; or, if other guests run, the dispatcher, where it reflects what comes before the first instruction",
	  "It reads the directory on its disk, gives each VM storage, loads its image, performs its reset and resumes it by an LPSW to user mode.",
	  "docs/machine.md, What software agrees on" },
	{ "wrong reset", EQ, wrong_reset_trap, "the dispatcher, where it reflects a trap (here the reset), and the allocator, which performs the IPL",
	  "Trap 0 is taken like any other: the old PSW, all 0, the cause 0 and tval, the VM's own storage size, are stored at real 0 of the VM's storage.",
	  "docs/machine.md, Traps" },
	{ "wrong beginning", EQ, wrong_reset, "the allocator, where a VM begins: its IPL and reset",
	  "Storage, registers and clock are 0, the boot image is loaded, and trap 0 is taken: the old PSW is all 0, the cause 0, tval the VM's own "
	  "storage size, and the new PSW at 0x20 of the VM's storage is loaded as LPSW would.",
	  "docs/machine.md, Traps" },
	{ "missed check-stop", EQ, misses_check_stop, "the dispatcher, where it reflects a trap (%c)",
	  "A trap taken when no instruction of the VM has completed since its last one stops the VM: old PSW, cause and tval are stored, the PSW stays.",
	  "docs/machine.md, Traps" },
	{ "ends early", EQ, ends_early, "the dispatcher, for a trap of cause %c, and whatever it calls for %i",
	  "It serves the trap and resumes the guest. Only the end of its last VM ends the monitor.",
	  "docs/machine.md, What software agrees on" },
	{ "lost register", EQ, loses_register, "the world switch: saving and restoring x1 to x31",
	  "Every register but those that the instruction writes is as it was when the guest was left.",
	  "docs/machine.md, Traps: registers are not touched" },
	{ "missed timer interrupt", EQ, misses_timer, "the dispatcher, where it reflects interrupts, and the virtual timer",
	  "When TE is 1, the virtual timer 0 and IE 1, the timer interrupt is taken before the VM's next instruction, and before an I/O interrupt.",
	  "docs/machine.md, Timer and clock" },
	{ "missed attention", EQ, misses_attention, "the dispatcher, where it reflects interrupts, and the allocator's console lines",
	  "A pending line makes an I/O interrupt, the lowest line first, taken as soon as IE is 1 and no timer interrupt is due; tval has the VM's own line.",
	  "docs/machine.md, Devices" },
	{ "interrupt that is not due", EQ, interrupts_early, "the dispatcher, where it reflects interrupts (%c): the virtual mask and timer, and the scheduler's quantum",
	  "An interrupt is reflected when the virtual IE is 1 and not before. A real timer interrupt is the monitor's own until the virtual timer is 0 with TE and IE on; then the quantum is over, and the guest goes on unchanged.",
	  "docs/machine.md, Timer and clock" },
	{ "privileged instruction let execute", EQ, runs_privileged, "the PSW that the dispatcher loads to resume a VM",
	  "The guest always runs in real user mode, so that %i traps.", "docs/primer.md, The monitor" },
	{ "wrong under direct execution", EQ, runs_wrong, "the world switch, and R as the allocator composes it",
	  "The guest is resumed with its own registers, under base = region + virtual base, and the lesser of the virtual bound and the room left; "
	  "then the hardware does the rest.", "docs/machine.md, Relocation" },
	{ "user's privileged instruction", EQ, emulates_for_user, "the dispatcher, where it decides between interpreting and reflecting",
	  "In virtual user mode %i is the guest's own trap: cause 1, tval the instruction word, reflected to the VM.",
	  "docs/primer.md, The monitor" },
	{ "operand of an instruction", EQ, checks_operand, "the interpreter routine of %i, where it finds its operand (the allocator's storage check)",
	  "The whole operand must be legal under the virtual R and the VM's own storage, computed without wrap-around; else the VM gets a memory "
	  "trap with the virtual address, and nothing has happened.", "docs/machine.md, Relocation" },
	{ "time of an emulated instruction", EQ, emulates_untimed, "the interpreter routine of %i, and what charges emulated instructions",
	  "An emulated instruction counts like any other: the clock advances by 1, and the virtual timer, if TE is 1, counts down before the "
	  "instruction's own effect.", "docs/machine.md, Timer and clock" },
	{ "virtual R", EQ, emulates_r, "the interpreter routine of %i, and R as the allocator composes it",
	  "The virtual R is what the guest loaded, not what was composed from it: %e.", "docs/machine.md, Relocation" },
	{ "virtual device", EQ, emulates_sio, "the interpreter routine of SIO: the allocator's console lines and minidisk",
	  "The command block is read under the virtual R; its buffer is an absolute address of the VM's own storage; unit, count and the condition "
	  "code are those of a machine that has nothing else; the result word is stored last.", "docs/machine.md, Devices" },
	{ "virtual wait", EQ, emulates_wait, "the interpreter routine of WAIT, the scheduler, and the dispatcher, where it reflects the interrupt that ends it",
	  "WAIT completes at once if an interrupt is pending, masked or not; else the running timer jumps to 0 and the clock by as much; else it "
	  "waits for an armed line; else the VM is in disabled wait.", "docs/machine.md, System instructions" },
	{ "interpreter routine", EQ, emulating, "the interpreter routine of %i",
	  "It does to the virtual machine what the manual says: %e.", "docs/machine.md, System instructions" },
	{ "memory trap for nothing", EQ, traps_for_nothing, "R as the allocator composes it",
	  "Base is region + virtual base, bound the lesser of the virtual bound and the room left in the region, so that what is legal for the guest is legal.",
	  "docs/machine.md, Relocation" },
	{ "reflected trap", EQ, reflects_wrong, "the dispatcher, where it reflects a trap (%c)",
	  "What a trap does to a machine is done to the VM, in its own storage at real 0: old PSW (virtual R, mode and masks), cause and tval are stored, the "
	  "new PSW is loaded as LPSW would.", "docs/machine.md, Traps" },
	{ "guest that does not go on", EQ, does_not_return, "the dispatcher: from the trap (%c) back to the guest",
	  "Each trap of the guest is served in a bounded number of instructions, then a guest is resumed.", "docs/primer.md, The monitor" },
	{ "what is left behind", EQ, leaves_wrong, "the allocator's console lines and minidisk, and the scheduler, where the last VM ends",
	  "Output, disk and end are those of the bare machine: what the guest wrote, nothing more, and the same end with the same code.",
	  "docs/machine.md, What software agrees on" },
	{ "beyond the region", RC, region, "R as the allocator composes it",
	  "Before a guest is resumed: base = region + virtual base; bound = the lesser of the virtual bound and what is left of the region from there; "
	  "0 if nothing is. Sums are made in more than 32 bits.", "docs/machine.md, Relocation" },
	{ "guest owns the processor", RC, masked, "the PSW that the scheduler resumes a VM with",
	  "A guest runs with the real IE and TE on and a timer of a quantum at most, whatever its virtual ones are.", "docs/machine.md, Timer and clock" },
	{ "guest in supervisor mode", RC, real_supervisor, "the PSW that the dispatcher loads to resume a VM",
	  "A guest always runs in real user mode; that it believes to be in supervisor mode is a bit of its virtual PSW.", "docs/primer.md, The monitor" },
	{ "transfer outside the VM", RC, transfer, "the allocator, where it carries out SIO",
	  "Buffer and count are checked against the VM's own storage, sector and line against its own minidisk and lines, whole and without wrap-around, "
	  "before they are relocated.", "docs/machine.md, Devices" },
	{ "wrong for a monitor", RE, wrong_for_monitor, "whatever a monitor as a guest uses and others may not: LPSW to user mode under an R of its own, and back by traps",
	  "A monitor is a guest like any other: its registers, PSWs, trap cells, R and devices are those of the bare machine. Mend equivalence first.",
	  "docs/primer.md, The theorems" },
	{ "starved VM", IS, starves, "the scheduler: its quantum, and what is charged to it",
	  "Each VM that can run gets its turn when the quantum is over; emulated instructions are charged to it as well.", "droste-check(1)" },
	{ "shared state", IS, any, "the allocator and the world switch: what belongs to each VM",
	  "Registers, PSW, clock, pending lines, storage and sectors are each VM's own; nothing of one is read or written for another.",
	  "droste-check(1)" },
	{ "interpreted", EF, not_direct, "the dispatcher: when it gives the processor back to the guest",
	  "It resumes the guest directly after each trap and lets it run until the next one. An interpreter of all instructions is no monitor.",
	  "docs/primer.md, The monitor" },
	{ "exits for nothing", EF, exits_often, "the scheduler's quantum, or whatever makes the guest trap",
	  "A guest leaves direct execution by its own traps, its privileged instructions and the quantum's end, and by nothing else.",
	  "docs/primer.md, The monitor" },
	{ "miscounted", IN, miscounts, "the counters in the VM table",
	  "Each exit is counted once, under its own cause; so is each instruction emulated and each trap reflected.", "docs/machine.md, What software agrees on" },
	{ "untold time", IN, tells_time, "clock, timer and timer-as-loaded in the VM table",
	  "While a VM runs its clock is clock + timer as loaded - the real timer now; all three are stored before each resume.",
	  "docs/machine.md, What software agrees on" },
	{ "untrue table", IN, any, "the anchor and the VM table",
	  "Whoever looks at the anchor when a guest has just been resumed finds that VM running, with the state it has.",
	  "docs/machine.md, What software agrees on" },
	{ "failed", ~0u, any, "the part that serves this guest", "It does what the bare machine does.", "droste-check(1)" },
};

enum { FAULTS = sizeof(faults) / sizeof(*faults) };

static const struct fault *classify(const struct finding *f)
{
	for (int i = 0; i < FAULTS - 1; i++)
		if (faults[i].is && faults[i].properties & 1u << f->property && faults[i].is(f))
			return &faults[i];
	return &faults[FAULTS - 1];
}

/* ---- texts -------------------------------------------------------------- */

static void put_upper(const char *name, FILE *to)
{
	for (; *name; name++)
		fputc(toupper((unsigned char)*name), to);
}

static void put_filled(const char *text, const struct finding *f, FILE *to)
{
	enum insn insn = instruction(f);
	for (; *text; text++) {
		if (*text != '%') {
			fputc(*text, to);
			continue;
		}
		text++;
		if (*text == 'c')
			fputs(f->where.found ? isa_cause_names[f->where.cause] : "any", to);
		else if (*text == 'e')
			fputs(is_system(insn) ? isa_insns[insn].effect : "see the manual", to);
		else if (insn < INSNS)
			put_upper(isa_insns[insn].name, to);
		else
			fputs("the instruction", to);
	}
}

static char *filled(const char *text, const struct finding *f)
{
	char *to = NULL;
	size_t n;
	FILE *stream = open_memstream(&to, &n);
	if (stream) {
		put_filled(text, f, stream);
		fclose(stream);
	}
	return to;
}

static void put_guest(const struct finding *f, FILE *to)
{
	if (f->guest && f->guest->path) {
		fputs(" --guest ", to);
		text_shell(f->guest->name, to);
	} else if (f->guest) {
		fprintf(to, " --random 1 --seed %" PRIu64, f->guest->seed);
	}
}

static char *again(const struct finding *f, const struct check_case *c, const char *monitor)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		return NULL;
	fprintf(to, "droste check %s --monitor ", property_names[f->property]);
	text_shell(monitor, to);
	if (c->profile)
		fprintf(to, " --profile %s", c->profile->name);
	if (f->property == PROPERTY_RECURSION)
		fprintf(to, " --depth %u", c->depth);
	put_guest(f, to);
	fclose(to);
	return text;
}

/* What waits on the guest's line 0, as a file of the shell's. */
static void put_input(const struct text *input, FILE *to)
{
	if (input->n == 0)
		return;
	fputs(" --input <(printf '%b' '", to);
	for (size_t i = 0; i < input->n; i++)
		fprintf(to, isalnum(input->at[i]) || input->at[i] == ' ' ? "%c" : "\\0%03o", input->at[i]);
	fputs("')", to);
}

/* The step of the real machine at which it shows; 0: not known, or not where one monitor runs alone. */
static uint64_t step_to_open(const struct finding *f)
{
	bool itself = f->depth == 1 || strcmp(f->stack, "itself") == 0;
	if (!f->guest || !f->guest->path || f->beside[0] || !itself)
		return 0;
	if (f->where.found && (!f->where.at_start || f->where.came_back))
		return f->where.real_steps;
	if (f->violation.what[0])
		return f->violation.steps;
	return f->property == PROPERTY_EQUIVALENCE ? f->real_steps : 0;
}

static char *open_command(const struct finding *f, const char *monitor)
{
	char *text = NULL;
	size_t n;
	uint64_t step = step_to_open(f);
	FILE *to = step ? open_memstream(&text, &n) : NULL;
	if (!to)
		return NULL;
	fputs("droste debug --monitor ", to);
	text_shell(monitor, to);
	if (f->depth > 1)
		fprintf(to, " --depth %u", f->depth);
	fprintf(to, " --memory %" PRIu32 " --lines %u", f->guest->plan.storage, f->guest->plan.lines);
	put_input(&f->guest->input[0], to);
	fprintf(to, " -ex 'goto #%" PRIu64 "' ", step);
	text_shell(f->guest->name, to);
	fclose(to);
	return text;
}

static char *detail(const struct finding *f, const char *source)
{
	char *text = NULL, *plain = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (to) {
		explain_fault(f, source, to);
		fclose(to);
	}
	if (text)
		plain = text_plain(text, 1);
	free(text);
	return plain;
}

static char *source_of(const struct finding *f)
{
	char *source = f->where.found && f->where.has_word ? explain_source(f->guest, explain_address(f)) : NULL;
	char *plain = source ? text_plain(source, 0) : NULL;
	free(source);
	return plain;
}

struct lesson *lesson_of(const struct finding *f, const struct check_case *c, const char *monitor)
{
	struct lesson *lesson = malloc(sizeof(*lesson));
	if (!lesson)
		return NULL;
	const struct fault *fault = classify(f);
	*lesson = (struct lesson){ .fault = fault, .where = f->where };
	lesson->what = text_plain(f->what, 0);
	lesson->part = filled(fault->part, f);
	lesson->correct = filled(fault->correct, f);
	lesson->source = source_of(f);
	lesson->again = again(f, c, monitor);
	lesson->open = open_command(f, monitor);
	lesson->detail = detail(f, lesson->source);
	return lesson;
}

struct lesson *lesson_named(const char *name, const char *what)
{
	struct lesson *lesson = malloc(sizeof(*lesson));
	const struct fault *fault = faults;
	while (strcmp(fault->name, name) != 0)
		fault++;
	if (lesson)
		*lesson = (struct lesson){ .fault = fault, .what = text_plain(what, 0), .part = strdup(fault->part),
		                           .correct = strdup(fault->correct) };
	return lesson;
}

void lesson_free(struct lesson *lesson)
{
	if (!lesson)
		return;
	free(lesson->what);
	free(lesson->part);
	free(lesson->correct);
	free(lesson->source);
	free(lesson->again);
	free(lesson->open);
	free(lesson->detail);
	free(lesson);
}
