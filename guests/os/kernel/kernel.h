/* A tiny operating system for PG-32, in the manner of the early 1970s: processes apart by
 * R = (base, bound), preempted by the timer; one file system; one terminal.
 *
 *   entry.S     the way in from a trap, and out to a process
 *   main.c      the boot, as a list
 *   trap.c      who gets what trap
 *   process.c   processes made, ended, scheduled
 *   jail.c      processes shut in: what they see, and what they may have
 *   storage.c   which process has which part of storage
 *   calls.c     the system calls, a function each
 *   exec.c      a program from a file to storage
 *   file.c      open files, pipes
 *   terminal.c  the console line, with editing
 *   fs.c        files on the disk: inodes and their sectors (fs.h: as they stand there)
 *   names.c     directories and paths
 *   check.c     the file system looked over at the boot
 *   log.c       sectors changed together or not at all
 *
 * The kernel runs in supervisor mode with base 0 and interrupts off, from trap to resume
 * on one stack.  It never waits: a call that must wait leaves the process at its ECALL,
 * to be done again when what it waits for has come.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "droste.h"
#include "os.h"

/* ---- entry.S ------------------------------------------------------------ */

struct context {
	uint32_t x[32];
	struct psw psw;
};

#define CELL_CONTEXT (CELL_FREE + 4) /* where the next trap saves the registers */

_Noreturn void resume(const struct context *context);

/* ---- jail.c ------------------------------------------------------------- */

/* Inodes from which paths begin. */
struct where {
	uint32_t root, directory;
};

/* One that nothing is inside of is free; but for the first, which is the system itself and has no
 * limits. */
struct jail {
	struct jail_limits limits;
	int32_t last_pid;
	uint64_t period, ran; /* instructions, in the period of the clock that is this one */
	int32_t disk;         /* sectors taken, less those given back */
};

extern struct jail *const jail_outside;

struct jail *jail_new(const struct jail_limits *limits); /* NULL: too many */

bool jail_may_fork(const struct jail *jail);
bool jail_may_have(const struct jail *jail, uint32_t more); /* bytes of storage */

/* Whose the sectors are that fs.c takes and gives back from now on, an inode counting as one; they
 * count with the commit, or not at all. */
void jail_pays(struct jail *jail);
bool jail_take_sector(void); /* false: it may not have one more */
void jail_give_sector(void);
void jail_settle(void);

void jail_ran(struct jail *jail, uint32_t instructions);
uint32_t jail_has_left(const struct jail *jail); /* instructions that it may run now */
uint64_t jail_rests_until(const struct jail *jail); /* the clock; 0: it may run */

/* ---- process.c ---------------------------------------------------------- */

enum { PROCESSES = 24, FILES_EACH = 12, QUANTUM = 20000, KILLED = 137 };

enum process_state { PROCESS_NONE, PROCESS_READY, PROCESS_WAITING, PROCESS_ENDED };

struct process {
	enum process_state state;
	int32_t number;                 /* no two ever have the same */
	int32_t pid;                    /* what its jail knows it by */
	struct jail *jail;
	int32_t group;                  /* what Ctrl-C ends together: a number */
	struct process *parent;
	int32_t code;                   /* that it ended with */
	char name[PROCESS_NAME_BYTES];
	uint32_t base, size;            /* its storage: storage.c */
	uint32_t heap;                  /* the end of it, virtual */
	struct context context;
	uint32_t quantum;               /* what is left of it */
	uint32_t given;                 /* the timer as loaded at the last resume */
	uint64_t ran;
	const void *awaits;             /* PROCESS_WAITING: until process_wake of this, */
	uint64_t until;                 /* or until the clock is there, if not 0 */
	struct file *files[FILES_EACH];
	struct where where;             /* paths begin */
	uint32_t guest;                 /* in guest_run: address of its struct guest_state; else 0 */
	struct context guest_context;   /* then its guest's registers, */
	uint32_t guest_base, guest_bound; /* its R in the process's storage, */
	bool guest_timed;               /* and whether its time is limited, */
	uint32_t guest_left;            /* to so many instructions */
};

extern struct process processes[PROCESSES]; /* the first is never in a jail */
extern struct process *running; /* NULL: nobody */

extern uint32_t storage_size;   /* of the machine; entry.S */

struct process *process_new(struct jail *jail); /* NULL: too many */
void process_end(struct process *p, int32_t code);
void process_end_group(int32_t group, int32_t code);
void process_wake(const void *what);
void process_wait(struct process *p, const void *what, uint64_t until);

/* A process by the number that another knows it by: in a jail, its pid there; outside, where all
 * are seen, a number that no two have. */
int32_t process_number(const struct process *p, const struct process *to);
struct process *process_find(const struct process *by, int32_t number);

_Noreturn void schedule(void);

/* n bytes at an address of a process; NULL if they are not all its own.  A string, which
 * must end within its storage. */
void *process_bytes(const struct process *p, uint32_t address, uint32_t n);
char *process_string(const struct process *p, uint32_t address);

/* ---- storage.c ---------------------------------------------------------- */

/* Gives p, which has none, bytes of zeroed storage; other processes may be moved.  resize
 * keeps what there is.  False: there is not so much. */
bool storage_take(struct process *p, uint32_t bytes);
bool storage_resize(struct process *p, uint32_t bytes);
void storage_free(struct process *p);

/* ---- exec.c ------------------------------------------------------------- */

enum { STACK_BYTES = 8192, ARGUMENTS_MOST = 1024 /* bytes */ };

int32_t exec(struct process *p, const char *path, const char *arguments, uint32_t bytes, uint32_t n);

/* ---- calls.c ------------------------------------------------------------ */

#define CALL_WAITS INT32_MIN /* not done yet: again, when the process is woken */

void call_carry_out(struct process *p);
void guest_leave(struct process *p, uint32_t cause, uint32_t tval);

/* ---- file.c ------------------------------------------------------------- */

struct pipe;

struct file {
	unsigned users;       /* 0: free */
	enum file_type type;
	unsigned flags;       /* enum open_flag */
	uint32_t inode, at;   /* TYPE_FILE, TYPE_DIRECTORY */
	struct pipe *pipe;
};

struct file *file_new(enum file_type type, unsigned flags); /* NULL: too many */
void file_close(struct file *file);
int32_t file_read(struct process *p, struct file *file, void *to, uint32_t n);
int32_t file_write(struct process *p, struct file *file, const void *from, uint32_t n);
int32_t file_pipe(struct file *ends[2]);
bool file_inode_used(uint32_t inode);

/* ---- terminal.c --------------------------------------------------------- */

void terminal_poll(void); /* input may have come */
void terminal_write(const void *from, uint32_t n);
int32_t terminal_read(struct process *p, void *to, uint32_t n);

/* Puts the caller's group in front. False: it is not its to take. */
bool terminal_set(enum terminal_mode mode, const struct process *p);

/* The terminal is typed to one jail at a time, or to the system; what is in another neither reads from it nor
 * takes it.  It goes into a jail with the first process, if that is in front, and comes back when the jail ends. */
void terminal_enters(const struct process *p);
void terminal_leaves(const struct jail *jail);

/* ---- log.c -------------------------------------------------------------- */

/* Sectors of the disk, through a cache.  What has been changed stays there until
 * log_commit, which writes all of it or, if the machine stops meanwhile, nothing. */
enum { LOG_MOST = 24 /* sectors that one commit may change */ };

void *log_sector(uint32_t sector);        /* to read; good until the next */
void *log_change(uint32_t sector);        /* to read and write */
void *log_blank(uint32_t sector);         /* to write from scratch */
void log_commit(void);
void log_abort(void);                     /* nothing has changed */
unsigned log_recover(uint32_t first);     /* the log's first sector; how many it wrote again */

/* ---- fs.c --------------------------------------------------------------- */

/* The file system, on the disk behind the kernel: found and looked over, or made there.
 * Results below 0 are errors.  Changes count from the next log_commit on. */
void fs_start(void);
int32_t fs_new(enum file_type type); /* an inode without a name yet */
void fs_status(uint32_t inode, struct file_status *status);
void fs_count_link(uint32_t inode, int32_t more);
int32_t fs_read(uint32_t inode, uint32_t at, void *to, uint32_t n);
int32_t fs_write(uint32_t inode, uint32_t at, const void *from, uint32_t n); /* perhaps fewer */
void fs_truncate(uint32_t inode);
void fs_drop(uint32_t inode); /* nobody has it open: free it, if it has no name */

/* ---- names.c ------------------------------------------------------------ */

/* Paths begin at the directory or, with '/', at the root, above which nothing leads. */
int32_t name_find(const struct where *from, const char *path); /* an inode */
int32_t name_make(const struct where *from, const char *path, enum file_type type);
int32_t name_link(const struct where *from, const char *path, const char *new);
int32_t name_unlink(const struct where *from, const char *path);
int32_t name_rename(const struct where *from, const char *path, const char *new);
int32_t name_fill(uint32_t inode, uint32_t parent); /* a new directory's "." and ".." */

/* ---- check.c ------------------------------------------------------------ */

/* Frees what has no name; says what it finds wrong, and mends what can be.  How much that is. */
unsigned check_files(void);

#define ROOT_INODE 1

#endif
