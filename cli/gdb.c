/* `droste gdb`: builds the machine that the options ask for and serves it to gdb, each
 * level a process.
 */

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "inspector/gdb_server.h"
#include "subject.h"

struct options {
	struct machine_options machine;
	const char *listen; /* ADDRESS:PORT or PORT */
	const char *script;
	bool stdio, once, reset;
};

/* ---- options ------------------------------------------------------------ */

enum { OPTION_LISTEN = 256, OPTION_SCRIPT, OPTION_STDIO, OPTION_ONCE, OPTION_RESET };

static const struct option long_options[] = {
	MACHINE_OPTIONS,
	{ "listen", required_argument, NULL, OPTION_LISTEN },
	{ "port", required_argument, NULL, 'P' },
	{ "script", required_argument, NULL, OPTION_SCRIPT },
	{ "stdio", no_argument, NULL, OPTION_STDIO },
	{ "once", no_argument, NULL, OPTION_ONCE },
	{ "reset", no_argument, NULL, OPTION_RESET },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	uint64_t port;
	switch (option) {
	case OPTION_LISTEN: o->listen = value; return true;
	case OPTION_SCRIPT: o->script = value; return true;
	case OPTION_STDIO:  o->stdio = true; return true;
	case OPTION_ONCE:   o->once = true; return true;
	case OPTION_RESET:  o->reset = true; return true;
	case 'P':
		o->listen = value;
		return option_number(value, 65535, &port) ||
		       complain("--port '%s': give a number from 0 to 65535; 0 takes one that is free", value) == 0;
	default:
		return machine_option(&o->machine, option, value);
	}
}

/* The exit status, or -1 to go on. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ .listen = "1234" };
	const struct option_table table = { "hP:" MACHINE_LETTERS, long_options, false, take_option, o };
	return machine_options_parse(&o->machine, self, argc, argv, &table);
}

/* ---- serving ------------------------------------------------------------ */

/* Monitors clear storage before they start anybody, each once: steps for that, with room to spare.  One
 * that never gets there is to be debugged, too. */
static uint64_t start_most(const struct session *s)
{
	return (UINT64_C(1) << 24) + 16 * (uint64_t)machine_storage_size(session_machine(s));
}

static void go_to_guest(struct inspector *inspector)
{
	inspector->most = start_most(inspector->session);
	if (inspector_enter(inspector, -1) && inspector->last.why != ARRIVED)
		complain("no guest has begun by step %" PRIu64 ": the machine stands there; 'monitor enter' goes on",
		         session_now(inspector->session));
	inspector->most = 0;
}

static bool write_script(const struct inspector *inspector, const char *path, const char *at)
{
	struct file_out out;
	struct refusal why;
	if (!file_out_open(&out, path, &why))
		return complain("%s: %s", path, why.text) == 0;
	gdb_write_script(inspector, at, out.to);
	return file_out_close(&out, true, &why) || complain("%s: %s", path, why.text) == 0;
}

/* gdb started droste, and a Ctrl-C that both get is gdb's. */
static int serve_stdio(struct subject *subject)
{
	signal(SIGINT, SIG_IGN);
	gdb_serve(&subject->inspector, STDIN_FILENO, STDOUT_FILENO);
	return 0;
}

/* One gdb after the other, until one kills the machine. */
static int serve(struct subject *subject, const struct options *o)
{
	struct refusal why;
	char at[80];
	int fd, listening = gdb_listen(o->listen, at, sizeof(at), &why);
	if (listening < 0)
		return complain("--listen '%s': %s", o->listen, why.text);
	if (o->script && !write_script(&subject->inspector, o->script, at)) {
		close(listening);
		return EXIT_DROSTE;
	}
	printf("gdb can come: target extended-remote %s\n", at);
	fflush(stdout);
	enum gdb_parting parting = GDB_GONE;
	while (parting != GDB_KILLED && (fd = gdb_accept(listening)) >= 0) {
		parting = gdb_serve(&subject->inspector, fd, fd);
		close(fd);
		if (o->once)
			break;
	}
	close(listening);
	return 0;
}

static int serve_images(const struct command *self, int argc, char **argv)
{
	struct options o;
	struct subject subject;
	int status = parse(&o, self, argc, argv);
	if (status >= 0)
		return status;
	if (!subject_open(&subject, &o.machine))
		return EXIT_DROSTE;
	if (!o.reset)
		go_to_guest(&subject.inspector);
	status = o.stdio ? serve_stdio(&subject) : serve(&subject, &o);
	subject_close(&subject);
	return status;
}

const struct command gdb_command = {
	.name = "gdb",
	.summary = "serve images, and every monitor above them, to gdb",
	.usage =
		"Usage: droste gdb [OPTION]... IMAGE...\n"
		"\n"
		"Builds a machine as 'droste run' does, with the same options for it, and serves it to\n"
		"gdb-multiarch: each level is a process, the real machine number 1.  It stands where\n"
		"the first guest is about to begin, and can go back to the reset.\n"
		"\n"
		"      --port N         listen on this port, on loopback (default 1234); 0 takes one\n"
		"                       that is free\n"
		"      --listen A:P     listen at address A, port P: whoever reaches it can read and\n"
		"                       change everything in the machine\n"
		"      --stdio          talk on standard input and output: in gdb,\n"
		"                       'target extended-remote | droste gdb --stdio IMAGE'\n"
		"      --script FILE    write a gdb script that attaches to all levels\n"
		"      --reset          stand at the reset of the real machine instead\n"
		"      --once           end when the first gdb goes\n"
		"\n"
		"The machine: --depth, --monitor, --memory, --profile, --lines, --disk, --spare,\n"
		"--couple, --input, --eof: see 'droste help run'.\n"
		"\n"
		"Exits with 0 when gdb kills the machine, 125 on an error.\n",
	.run = serve_images,
};
