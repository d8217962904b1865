/* What the kernel and its programs agree on: the calls, and what some of them tell.
 * Freestanding.
 */
#ifndef OS_H
#define OS_H

#include <stdint.h>

#include "isa/isa.h"

enum call {
#define CALL(number, name, arguments, does) CALL_##name = number,
#include "calls.def"
	CALLS
};

enum open_flag { OPEN_READ = 1, OPEN_WRITE = 2, OPEN_CREATE = 4, OPEN_TRUNCATE = 8, OPEN_APPEND = 16 };
enum terminal_mode { TERMINAL_LINES, TERMINAL_BYTES };
enum file_type { TYPE_FREE, TYPE_FILE, TYPE_DIRECTORY, TYPE_TERMINAL, TYPE_PIPE };

struct file_status {
	uint32_t type; /* enum file_type */
	uint32_t inode, links, size;
};

/* A directory is a file of these. */
#define FILE_NAME_BYTES 28

struct directory_row {
	uint32_t inode; /* 0: a free row */
	char name[FILE_NAME_BYTES]; /* padded with 0, always at least one */
};

#define PROCESS_NAME_BYTES 16

struct process_status {
	int32_t pid, parent;
	uint32_t waiting;     /* 1: for something */
	uint32_t base, size;  /* its storage */
	uint64_t ran;         /* instructions */
	char name[PROCESS_NAME_BYTES];
};

/* What the processes of a jail may have between them; 0: as much as there is. */
struct jail_limits {
	uint32_t storage;   /* bytes */
	uint32_t disk;      /* sectors more than when they began */
	uint32_t processes;
	uint32_t share;     /* of the processor: instructions in a thousand */
};

/* A machine inside a process: user mode from psw under an R inside the process's
 * storage, for psw.timer instructions at most if TE is set.  The kernel leaves here the
 * state at the trap, and why; cause timer if time is up. */
struct guest_state {
	struct psw psw;
	uint32_t x[32];
	uint32_t cause, tval;
};

#endif
