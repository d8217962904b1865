/* The one door to a machine: make it, load it, run and step it, read and write
 * its state, feed its console, watch what it does.  Everything outside machine/
 * goes through here, and so may any program that embeds PG-32.
 *
 * No global state: machines are independent of each other, and each may be used
 * by one thread at a time.
 *
 * Functions that can be refused return false and fill struct refusal, if
 * given, with one line that says what, where and what to do; then nothing has
 * changed.
 */
#ifndef DROSTE_WINDOW_H
#define DROSTE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/isa.h"

struct machine;

struct refusal {
	char text[256];
};

/* Fills why, if given, and returns false: for those who refuse. */
bool refuse(struct refusal *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define STORAGE_MOST (UINT32_C(1) << 30) /* bytes */

/* ---- making and loading ------------------------------------------------- */

struct machine_config {
	uint32_t storage;              /* bytes: a multiple of 4, 512 to STORAGE_MOST */
	unsigned lines;                /* console lines, 1 to LINES_MOST */
	const struct profile *profile; /* NULL: strict */
	bool plain;                    /* never use the engine */
};

/* A machine after power-on: storage, registers, clock and PSW 0, no disk, every
 * console line open for input.  NULL if refused or out of memory. */
struct machine *machine_new(const struct machine_config *config, struct refusal *why);
void machine_free(struct machine *m);

/* Lets the machine use sectors * 512 bytes at image as its disk.  The caller
 * keeps the memory and may look at it while the machine does not run. */
void machine_attach_disk(struct machine *m, uint8_t *image, uint32_t sectors);

/* Reset, then initial program load from the disk.  Whatever the disk holds, the
 * machine then stands where it stands: perhaps in check-stop. */
void machine_ipl(struct machine *m);

/* Reset, then the segments of the ELF file in bytes at their physical
 * addresses.  Takes 32-bit little-endian RISC-V executables without compressed
 * or floating-point code. */
bool machine_load_elf(struct machine *m, const void *bytes, size_t size, struct refusal *why);

/* An executable: what of an ELF file a machine or a boot image holds.  data
 * points into the bytes it was read from. */
#define SEGMENTS_MOST 64

struct segment {
	uint32_t address;    /* physical */
	uint32_t file_bytes; /* given by data; the rest of bytes is 0 */
	uint32_t bytes;
	const uint8_t *data;
};

struct program {
	uint32_t entry;
	uint32_t end; /* the address after the last byte of the last segment */
	unsigned segments;
	struct segment segment[SEGMENTS_MOST];
};

bool program_read(struct program *program, const void *bytes, size_t size, struct refusal *why);

/* True iff some segment has a byte at one of the n addresses from at. */
bool program_covers(const struct program *program, uint32_t at, uint32_t n);

/* ---- boot disks: pack.c ------------------------------------------------- */

/* A boot disk in memory.  The image is from malloc; disk_free frees it. */
struct boot_disk {
	uint8_t *image; /* sectors * SECTOR bytes */
	uint32_t sectors;
};

void disk_free(struct boot_disk *disk);

/* What a file claims to be. */
bool file_is_elf(const void *bytes, size_t size);
bool file_is_disk(const void *bytes, size_t size);

/* A boot disk from a file: an ELF file becomes a boot image with spare blank
 * sectors after it, for the program's own data; a boot disk is copied, once all
 * that is nested in it has been checked. */
bool disk_from_file(struct boot_disk *disk, const void *bytes, size_t size, uint32_t spare, struct refusal *why);

/* The first sector after the boot image of a disk made by disk_from_file, where
 * the program's own data begin; and puts other data there. */
uint32_t disk_data_sector(const struct boot_disk *disk);
bool disk_set_data(struct boot_disk *disk, const void *bytes, size_t size, struct refusal *why);

/* A machine to be, real or virtual. */
struct vm_plan {
	struct boot_disk disk;
	uint32_t storage; /* bytes */
	unsigned lines;
	char name[NAME_BYTES + 1];
};

/* Names it after a file: the path's last part without its ending, cut to fit. */
void plan_set_name(struct vm_plan *vm, const char *path);

struct pack_monitor {
	const void *elf; /* an ELF file of size bytes */
	size_t size;
	const char *path; /* for its name, and for refusals */
};

/* Plans the machine in which monitor hosts n VMs side by side: a disk that holds
 * theirs, storage and lines enough for all.  pack_stack does the same with depth
 * monitors, one under the other, the outermost first.  The VMs' disks stay the
 * caller's; so does host->disk, if not refused. */
bool pack_under(struct vm_plan *host, const struct pack_monitor *monitor, const struct vm_plan *vms, unsigned n,
                struct refusal *why);
bool pack_stack(struct vm_plan *host, const struct pack_monitor *monitors, unsigned depth,
                const struct vm_plan *vms, unsigned n, struct refusal *why);

/* True iff the disk is a monitor's: it has a directory. */
bool disk_hosts(const struct boot_disk *disk);

/* Couples console lines of the VMs of a monitor's disk made by pack_under, as many as its
 * directory has entries.  The monitor's image must say that it can do it (CELL_COUPLES). */
bool disk_couple(struct boot_disk *disk, const struct coupling *couplings, unsigned n, struct refusal *why);

/* A disk as found on a walk from the whole disk through the directories. */
struct disk_node {
	unsigned depth;                 /* 0: the whole disk */
	uint32_t first_sector, sectors; /* on the whole disk */
	uint32_t boot_sectors;          /* 0: not a boot disk */
	uint32_t directory;             /* its sector on this disk; 0: no monitor's disk */
	unsigned minidisks;
	uint32_t storage;               /* bytes; 0: a share of what is left, or not said */
	uint32_t first_line, lines;     /* on the real machine; lines of the whole disk: 0 */
	char name[NAME_BYTES + 1];      /* of the whole disk: empty */
	unsigned couplings;             /* of its lines */
	struct disk_coupling {
		uint32_t line, with_line;
		char with[NAME_BYTES + 1]; /* the VM's name */
	} coupling[DIRECTORY_ENTRIES];
};

typedef void disk_visitor(void *self, const struct disk_node *node);

/* Checks a boot disk and all that is nested in it, then visits every disk, each
 * before those in it, in directory order.  visit may be NULL. */
bool disk_walk(const uint8_t *image, size_t sectors, disk_visitor *visit, void *self, struct refusal *why);

/* ---- running ------------------------------------------------------------ */

enum machine_end {
	MACHINE_RUNNING,
	MACHINE_HALTED,        /* by HALT, with an exit code */
	MACHINE_CHECK_STOPPED, /* a trap came before an instruction completed */
	MACHINE_DISABLED_WAIT, /* WAIT, and nothing can ever end it */
	MACHINE_ENDS
};

extern const char *const machine_end_names[MACHINE_ENDS];

enum stop {
	STOP_STEPS, /* all the steps asked for were taken */
	STOP_END,   /* the machine has ended: see machine_end */
	STOP_INPUT, /* it is in WAIT for input on an armed line */
	STOP_ASKED, /* machine_ask_stop */
	STOP_BREAK, /* before an instruction at a marked address: see machine_break */
};

/* Takes up to steps steps (a step is an instruction, a trap or an interception) and says why it
 * stopped.  machine_run uses the engine, machine_run_plain the plain executor;
 * nothing else tells them apart. */
enum stop machine_run(struct machine *m, uint64_t steps);
enum stop machine_run_plain(struct machine *m, uint64_t steps);

/* Makes the run now under way stop after the present step.  For observers, and
 * safe in a signal handler; the engine may finish up to a million steps. */
void machine_ask_stop(struct machine *m);

/* ---- reading and writing ------------------------------------------------ */

enum machine_end machine_end(const struct machine *m);
uint8_t machine_exit_code(const struct machine *m);
uint32_t machine_storage_size(const struct machine *m); /* q, in bytes */
unsigned machine_lines(const struct machine *m);
const struct profile *machine_profile(const struct machine *m);

/* In interpretive execution (docs/machine.md) this is the PSW under which the guest acts on
 * real storage: user mode, R composed with the guest's, the host's timer, interrupts on;
 * and the clock is the host's.  machine_guest says what the guest itself has. */
struct psw machine_psw(const struct machine *m);
void machine_set_psw(struct machine *m, struct psw psw); /* as LPSW would load it; in interpretive execution, pc only */
uint32_t machine_register(const struct machine *m, unsigned x);
void machine_set_register(struct machine *m, unsigned x, uint32_t value);
uint64_t machine_clock(const struct machine *m);
void machine_set_clock(struct machine *m, uint64_t clock);
bool machine_trapped(const struct machine *m);
void machine_set_trapped(struct machine *m, bool trapped);

/* A guest in interpretive execution, and its host. */
struct machine_guest {
	uint32_t origin, extent;  /* its storage, in real storage */
	struct psw psw;
	uint64_t clock;
	bool trapped;
	uint32_t pending;         /* lines, a bit each */
	struct psw host;          /* as it is now: pc after the SIE */
	uint32_t description;     /* real address of the guest's state description */
};

/* False if none runs. */
bool machine_guest(const struct machine *m, struct machine_guest *guest);

/* Bytes at a real address.  False, and nothing done, if they are not all inside
 * storage. */
bool machine_read(const struct machine *m, uint32_t real, void *to, size_t n);
bool machine_write(struct machine *m, uint32_t real, const void *from, size_t n);

/* The whole of storage, machine_storage_size bytes, to look at only. */
const uint8_t *machine_storage(const struct machine *m);

/* What happened since reset. */
struct machine_counts {
	uint64_t instructions;      /* completed */
	uint64_t user_instructions; /* of these, in user mode or interpretive execution */
	uint64_t traps[CAUSES];     /* by cause; taken by guests in interpretive execution, too */
	uint64_t interceptions[INTERCEPTIONS]; /* ends of interpretive execution, by code */
};

struct machine_counts machine_counts(const struct machine *m);
uint64_t machine_steps(const struct machine *m); /* instructions, traps and interceptions */

/* ---- console ------------------------------------------------------------ */

/* Who is at the other end of the console lines.  output gets what the machine
 * writes.  want_input is called before the machine looks at the input of a line
 * that has not ended; it may give some with machine_input.  Either may be NULL. */
struct console_host {
	void *self;
	void (*output)(void *self, unsigned line, const uint8_t *bytes, size_t n);
	void (*want_input)(void *self, struct machine *m, unsigned line);
};

void machine_set_console(struct machine *m, const struct console_host *host);

/* n bytes arrive on a line, now.  False if out of memory. */
bool machine_input(struct machine *m, unsigned line, const void *bytes, size_t n);

/* No more input will ever arrive on the line. */
void machine_input_ends(struct machine *m, unsigned line);

struct line_state {
	bool armed, pending, ended;
	size_t waiting; /* bytes of input not read */
};

struct line_state machine_line(const struct machine *m, unsigned line);

/* ---- observing ---------------------------------------------------------- */

/* What an observer is told, each after it has happened.  Any may be NULL.  They
 * cost nothing while nothing of the kind happens. */
struct observer {
	void *self;
	/* A trap was taken (or refused, by check-stop); old is as machine_psw had it. */
	void (*trap)(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval);
	/* A System instruction completed; before is the PSW it was found in. */
	void (*system)(void *self, struct machine *m, enum insn insn, struct psw before);
	/* SIO carried out a command block; result is in block. */
	void (*transfer)(void *self, struct machine *m, const struct command_block *block, enum condition cc);
	/* A store (or a transfer) changed n bytes from a real address, some of
	 * them in a watched granule. */
	void (*store)(void *self, struct machine *m, uint32_t real, uint32_t n);
	/* Interpretive execution ended; old is as machine_psw had it. */
	void (*interception)(void *self, struct machine *m, struct psw old, enum interception code, uint32_t parameter);
};

void machine_observe(struct machine *m, const struct observer *observer); /* NULL: none */

#define WATCH_GRANULE 64 /* bytes */

/* Watches, or no longer watches, the granule that holds a real address. */
void machine_watch(struct machine *m, uint32_t real, bool on);

/* Marks a real address, or takes the mark away: a run stops before an instruction
 * there, unless it begins with it.  False if out of memory. */
bool machine_break(struct machine *m, uint32_t real, bool on);

/* True iff the next step is an instruction at a marked address. */
bool machine_at_break(const struct machine *m);

/* ---- snapshots ---------------------------------------------------------- */

/* The whole state of a machine with its disk and the input that waits; not its console,
 * observer, watches and marks. */
struct snapshot;

/* before, if not NULL, is an earlier one of the same machine: what is alike is shared.
 * Both add to or take from bytes what memory they hold.  NULL if out of memory. */
struct snapshot *machine_snapshot(const struct machine *m, const struct snapshot *before, size_t *bytes);
void snapshot_free(struct snapshot *s, size_t *bytes);

/* s is of the same machine with the same disk.  Nobody is told of stores.  False, and nothing
 * done, if out of memory. */
bool machine_restore(struct machine *m, const struct snapshot *s);

/* ---- disassembly -------------------------------------------------------- */

/* The instruction word at virtual address pc as text, in the form of GNU
 * objdump's -M no-aliases.  Returns what snprintf would. */
int disassemble(uint32_t word, uint32_t pc, char *to, size_t n);

extern const char *const isa_register_names[32]; /* as it and the ABI have them */

#endif
