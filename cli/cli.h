/* What the files of cli/ share: the commands, errors and exit codes, files,
 * options, and the parts of `droste run`.
 */
#ifndef DROSTE_CLI_H
#define DROSTE_CLI_H

#include <stdio.h>

#include "inspector/file_out.h"
#include "machine/window.h"
#include "properties/profile.h"

/* ---- main.c ------------------------------------------------------------- */

/* What droste exits with, besides a guest's own code. */
enum {
	EXIT_LIMIT         = 124,
	EXIT_DROSTE        = 125, /* our own error, or the user's */
	EXIT_CHECK_STOP    = 126,
	EXIT_DISABLED_WAIT = 127,
};

struct command {
	const char *name;
	const char *summary; /* a line of `droste help` */
	const char *usage;   /* the whole of `droste help NAME` */
	int (*run)(const struct command *self, int argc, char **argv);
};

extern const struct command run_command, pack_command, disas_command, cc_command, nest_command,
                            check_command, classify_command, debug_command, inspect_command, gdb_command, trace_command,
                            grade_command, lab_command, forms_command;

/* One line on standard error; returns EXIT_DROSTE. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same of a file that could not be written; but nothing if its reader has closed the pipe, and why
 * is empty. */
int complain_of_output(const char *path, const struct refusal *why);

/* What an option that cannot be taken gets; for the '?' of getopt_long, which is to be
 * quiet.  Names the options of the command's usage that may have been meant. */
int complain_of_option(const struct command *command, char **argv);

/* From now on droste speaks the reader's language: see inspector/words.h. */
void speak(void);

/* Prints the usage of a command, in that language; returns 0. */
int print_usage(const struct command *command);

/* ---- files.c ------------------------------------------------------------ */

struct file {
	uint8_t *bytes; /* from malloc */
	size_t size;
};

bool file_read(struct file *file, const char *path, struct refusal *why);
bool file_read_from(struct file *file, int fd, struct refusal *why);
void file_free(struct file *file);

/* Writes a file whole or not at all, as inspector/file_out.h does piece by piece. */
bool file_write(const char *path, const void *bytes, size_t size, struct refusal *why);

/* The same with a JSON document and a newline; the document is released. */
struct json_t;
bool file_write_json(const char *path, struct json_t *document, struct refusal *why);

/* True iff file_write to path, if there is one, goes to standard output, where nothing else is to stand then. */
bool file_is_stdout(const char *path);

/* Finds what is installed with droste: beside the program in a build directory, in
 * ../lib/droste of where it is installed, or in $DROSTE_LIB.  From malloc; NULL,
 * with a refusal, if it is in none of them. */
char *file_find_installed(const char *name, struct refusal *why);

/* Reads a guest: the file of that name or, if there is none and the name is a plain word, the
 * guest of the standard set that has it. */
bool file_read_guest(struct file *file, const char *name, struct refusal *why);

/* The path that file_read_guest reads, from malloc. */
char *file_find_guest(const char *name);

/* ---- options.c ---------------------------------------------------------- */

/* A command's options, 'h' for help among them, and what takes one that has been found.  one_dash: long ones may have
 * one dash, as -ex in gdb. */
struct option_table {
	const char *letters;
	const struct option *rows;
	bool one_dash;
	bool (*take)(void *self, int option, const char *value); /* complains if it returns false */
	void *self;
};

/* Takes all options, wherever among the arguments they stand; from argv[optind] on are then the others.  Returns the
 * exit status, or -1 to go on. */
int options_parse(const struct option_table *table, const struct command *command, int argc, char **argv);

/* Numbers in decimal or, after 0x, in hexadecimal.  False unless the whole text is
 * one and it is at most most. */
bool option_number(const char *text, uint64_t most, uint64_t *value);

/* A number of steps, for --limit: more than 0.  Complains if it is not. */
bool option_steps(const char *text, uint64_t *steps);

/* Bytes, with a suffix K, M or G or none. */
bool option_size(const char *text, uint64_t *bytes);

/* A profile by name, or from a file, which is kept in own.  Complains and returns NULL if
 * there is neither. */
const struct profile *option_profile(const char *name, struct own_profile *own);

/* ---- plan.c: which machine to build ------------------------------------- */

#define MONITORS_MOST (LINES_MOST - 1) /* each keeps a console line */
#define DEFAULT_MEMORY (UINT32_C(16) << 20)
#define DEFAULT_SPARE 64 /* sectors */

/* What the options of run and pack ask for. */
struct wish {
	int depth; /* -1: not said */
	const char *monitor[MONITORS_MOST];
	unsigned monitors;
	uint32_t memory; /* of each guest; 0: not said */
	unsigned lines;  /* of each guest; 0: not said */
	uint32_t spare;
	const char *image[DIRECTORY_ENTRIES];
	unsigned images;
	const char *disk[DIRECTORY_ENTRIES]; /* disk[i] holds the data of image[i] */
	unsigned disks;
	const char *couple[DIRECTORY_ENTRIES]; /* as given */
	unsigned couples;
	bool bootable; /* nothing but a boot disk will do */
};

/* Takes one of the options --depth, --monitor, --memory, --lines, --spare and --couple, given as
 * 'd', 'm', 'M', 'l', 's' and 'c'.  Complains and returns false if it is wrong. */
bool wish_option(struct wish *wish, int option, const char *value);

/* A boot disk in the real machine's, and whoever boots from it. */
struct place {
	char name[NAME_BYTES + 1];
	int parent;                 /* index of the place that hosts it; -1: the real machine */
	bool hosts;                 /* a monitor, not a guest */
	unsigned level;             /* 0: the real machine */
	unsigned first_line, lines; /* on the real machine */
	uint32_t first_sector, boot_sectors, sectors; /* on the real disk */
	uint32_t storage;           /* bytes; 0: a share, or not said */
};

#define PLACES_MOST 64

/* The machine to build, and who is where in it. */
struct plan {
	unsigned depth;         /* monitors above the images */
	struct vm_plan machine; /* if its disk is empty, elf is loaded */
	struct file elf;
	struct place place[PLACES_MOST]; /* hosts before their guests, in directory order */
	unsigned places;
};

/* Complains and returns false if it cannot be done. */
bool plan_make(struct plan *plan, const struct wish *wish);
void plan_free(struct plan *plan);

/* The place of the i-th image given; the i-th place that hosts nobody.  NULL: none. */
const struct place *plan_image(const struct plan *plan, unsigned i);
const struct place *plan_guest(const struct plan *plan, unsigned i);

/* ---- couple.c ----------------------------------------------------------- */

/* Takes a value of --couple. */
bool wish_couple(struct wish *wish, const char *value);

/* Understands those of wish, and gives its images the lines that they need.  Complains and returns
 * false if something is wrong. */
bool couple_read(struct coupling couplings[DIRECTORY_ENTRIES], const struct wish *wish, struct vm_plan *vms);

/* ---- machine_options.c -------------------------------------------------- */

struct machine_options {
	struct wish wish;
	const char *input[DIRECTORY_ENTRIES]; /* input[i] waits on line 0 of image[i] */
	unsigned inputs;
	const struct profile *profile; /* NULL: strict */
	struct own_profile own_profile;
	bool eof;               /* input from files and pipes ends with Ctrl-D */
	const char *whole_disk; /* the only disk is run itself */
};

/* Rows for getopt_long, and the letters for its third argument. */
#define MACHINE_LETTERS "d:m:p:i:"
#define MACHINE_OPTIONS \
	{ "depth", required_argument, NULL, 'd' }, \
	{ "monitor", required_argument, NULL, 'm' }, \
	{ "memory", required_argument, NULL, 'M' }, \
	{ "profile", required_argument, NULL, 'p' }, \
	{ "lines", required_argument, NULL, 'l' }, \
	{ "disk", required_argument, NULL, 'D' }, \
	{ "spare", required_argument, NULL, 's' }, \
	{ "couple", required_argument, NULL, 'c' }, \
	{ "input", required_argument, NULL, 'i' }, \
	{ "eof", no_argument, NULL, 'E' }

/* Takes all options, then the images: of the table, take gives machine_option those that it does not know.  Returns
 * the exit status, or -1 to go on. */
int machine_options_parse(struct machine_options *o, const struct command *command, int argc, char **argv,
                          const struct option_table *table);

/* Takes one of these options.  Complains and returns false if something is wrong. */
bool machine_option(struct machine_options *o, int option, const char *value);

/* Commands to do before any other, from -x and -ex; each from malloc. */
#define FIRST_LINES_MOST 256

struct first_lines {
	char *line[FIRST_LINES_MOST];
	unsigned n;
};

bool first_lines_add(struct first_lines *first, const char *command, const char *text);
void first_lines_free(struct first_lines *first);

/* ---- terminal.c --------------------------------------------------------- */

/* From now on SIGINT, SIGTERM and SIGHUP ask the machine to stop, the second time
 * they end droste. */
void terminal_catch_signals(struct machine *m);

/* The signal caught, or 0. */
int terminal_signal(void);

/* Ends droste as that signal would have. */
void terminal_die(int signal);

/* Standard input to raw mode, but for the keys that make signals.  Whatever ends or
 * stops droste puts it back as it was. */
void terminal_raw(void);
void terminal_restore(void);

/* True iff standard input can be read without waiting; if asked to, waits until then or
 * until a signal. */
bool terminal_readable(bool wait);

/* ---- console.c ---------------------------------------------------------- */

struct console;

/* The console lines of the machine m, as plan says whose they are.  The terminal is
 * line 0 of the first guest.  Input is also written to recording, if not NULL (inspector/recording.h); eof ends what comes from files
 * and pipes with Ctrl-D; m must outlive it. */
struct console *console_new(struct machine *m, const struct plan *plan, FILE *recording, bool eof);
void console_free(struct console *console);

/* Input of line 0 of a guest: a whole file, waiting from reset.  Or, for the first
 * guest only, standard input: live if it is a terminal, else whole as soon as the
 * guest wants any.  Lines given none have ended. */
void console_give(struct console *console, unsigned line, const struct file *input);
void console_give_stdin(struct console *console);
void console_end_others(struct console *console);

/* Copies input that has arrived to the machine; if asked to, waits for some first.  False
 * if standard input cannot be read. */
bool console_poll(struct console *console, bool wait, struct refusal *why);

/* Writes out what is buffered.  False if output is lost; why is empty if whoever read it closed the pipe. */
bool console_flush(struct console *console, struct refusal *why);
bool console_finish(struct console *console, struct refusal *why); /* and unfinished lines */

/* Bytes written on a line, and their XXH64. */
struct output_digest {
	uint64_t bytes, xxh64;
};

struct output_digest console_output_of(const struct console *console, unsigned line);

/* ---- report.c ----------------------------------------------------------- */

/* What --stats and --json say of a run. */
struct report;

/* Before the machine is loaded.  Counts by level only if asked to, since that takes the
 * machine's observer. */
struct report *report_new(struct machine *m, const struct plan *plan, const struct console *console, bool count);
void report_free(struct report *report);

/* After the run. */
void report_print(struct report *report);
bool report_write(struct report *report, const char *path, struct refusal *why);
void report_check_stop(struct report *report); /* one line: why the guest stopped */

#endif
