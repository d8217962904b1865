/* Resource control (Popek and Goldberg 1974, section 3): no program of a VM can touch
 * what has not been given to it.  Watched on the real machine, at every event: in what
 * PSW a VM is entered, and what every device transfer touches.  The allotment is what
 * the disk's directory says, and the storage that the VM table names, checked.  Told of
 * events by sessions, and by the pairs of machines that judge monitors (properties/).
 */
#ifndef DROSTE_CONTROL_H
#define DROSTE_CONTROL_H

#include "inspector/levels.h"

#define QUANTUM_MOST (UINT32_C(1) << 24) /* instructions, while others may want to run */

/* What of the machine a monitor has given away. */
enum breach {
	BREACH_NONE,
	BREACH_WINDOW,    /* storage beyond a VM's region, by R */
	BREACH_PROCESSOR, /* the processor itself: interrupts or timer are off, or the time is too long */
	BREACH_MODE,      /* real supervisor mode */
	BREACH_STORE,     /* another's storage, by an emulated store */
	BREACH_TRANSFER,  /* storage, sectors or lines, by a device */
	BREACHES
};

/* Something seen that must not be. */
struct violation {
	enum breach breach;
	char what[200];          /* empty: none */
	struct psw psw;          /* real, at that event */
	uint64_t steps, clock;   /* of the real machine */
};

/* What a VM has been given, by the directory on its monitor's disk. */
struct allotment {
	uint32_t first_sector, sectors;
	unsigned first_line, lines;
};

struct control {
	struct levels_meter *meter;
	struct allotment given[DIRECTORY_ENTRIES];
	unsigned vms;
	uint32_t image_end;      /* of the monitor's image, in real storage */
	bool serving;            /* the last VM to run, served, trapped on its SIO: */
	struct command_block asked;
	unsigned served;         /* index in meter->levels */
	struct reach {           /* what an operand outside the VM's storage names, as it stood */
		uint32_t n, real;
		uint8_t bytes[sizeof(struct command_block)];
	} reach;
	struct misplaced {       /* a transfer for a VM that names an address as the VM did, elsewhere */
		struct psw psw;
		uint32_t buffer, count, meant; /* meant: the VM's place of that name */
	} misplaced;
	uint32_t longest;        /* the longest time that a VM was given, in instructions */
	struct violation first, last;
	uint64_t violations;     /* how many have been seen */
};

/* The allotments of the monitor whose disk begins at a sector of this one, and whose lines
 * begin at a line, both the real machine's.  Returns how many: 0 if it has no directory. */
unsigned control_allotments(struct allotment given[DIRECTORY_ENTRIES], const struct boot_disk *disk, uint32_t sector,
                            unsigned line);

/* Where the disk has no directory, nobody hosts anybody, and nothing is watched. */
void control_start(struct control *control, struct levels_meter *meter, const struct boot_disk *disk);

/* To be told, each after the meter has been. */
void control_trap(struct control *control, struct machine *m, unsigned was, const struct psw *old, enum cause cause,
                  uint32_t tval);
void control_system(struct control *control, struct machine *m, const struct psw *before);
void control_transfer(struct control *control, struct machine *m, const struct command_block *block, enum condition cc);

#endif
