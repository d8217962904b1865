/* The terminal and the signals of `droste run`.  A signal handler can reach
 * nothing but what is static, so this file, alone, keeps state of its own: how the
 * terminal was, and which signal came.  Called by run.c and console.c.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"

static struct termios cooked;           /* as it was before terminal_raw */
static struct termios raw;
static volatile sig_atomic_t is_raw;    /* cooked and raw are valid */
static volatile sig_atomic_t caught;    /* the signal */
static struct machine *_Atomic running; /* who is asked to stop */

static void set(const struct termios *how) { tcsetattr(STDIN_FILENO, TCSADRAIN, how); }

/* ---- signals ------------------------------------------------------------ */

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction old, action = { .sa_handler = handler, .sa_flags = flags };
	sigemptyset(&action.sa_mask);
	/* What was ignored, by nohup or by a shell, stays so. */
	if (sigaction(signal, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(signal, &action, NULL);
}

/* The first asks; the handler is gone then, so that the second one ends droste. */
static void ask(int signal)
{
	if (is_raw)
		set(&cooked);
	caught = signal;
	struct machine *m = atomic_load(&running);
	if (m)
		machine_ask_stop(m);
}

void terminal_catch_signals(struct machine *m)
{
	atomic_store(&running, m);
	handle(SIGINT, ask, SA_RESETHAND);
	handle(SIGTERM, ask, SA_RESETHAND);
	handle(SIGHUP, ask, SA_RESETHAND);
}

int terminal_signal(void) { return caught; }

void terminal_die(int sig)
{
	sigset_t set;
	terminal_restore();
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + sig);
}

/* ---- raw mode ----------------------------------------------------------- */

/* Signals that end droste at once, some of them through its own fault. */
static void leave(int signal)
{
	set(&cooked);
	raise(signal); /* the handler is gone */
}

static void resume(int signal)
{
	(void)signal;
	if (is_raw && !caught)
		set(&raw);
}

/* Ctrl-Z: the shell gets the terminal as it was.  Where there is no shell to come back
 * from, nothing stops. */
static void suspend(int signal)
{
	sigset_t set_of_it;
	set(&cooked);
	sigemptyset(&set_of_it);
	sigaddset(&set_of_it, signal);
	raise(signal); /* held back until unblocked; the handler is gone */
	sigprocmask(SIG_UNBLOCK, &set_of_it, NULL);
	handle(SIGTSTP, suspend, SA_RESETHAND | SA_RESTART);
	resume(signal);
}

/* As cfmakeraw, but signals' keys stay, and so does the translation of line ends: a
 * guest sees '\n', as in a file. */
static void make_raw(struct termios *t)
{
	t->c_iflag &= (tcflag_t)~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | IXON);
	t->c_lflag &= (tcflag_t)~(ECHO | ECHONL | ICANON | IEXTEN);
	t->c_cflag = (t->c_cflag & (tcflag_t)~(CSIZE | PARENB)) | CS8;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

void terminal_raw(void)
{
	static const int fatal[] = { SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	if (tcgetattr(STDIN_FILENO, &cooked) != 0)
		return;
	raw = cooked;
	make_raw(&raw);
	is_raw = 1;
	atexit(terminal_restore);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		handle(fatal[i], leave, SA_RESETHAND);
	handle(SIGTSTP, suspend, SA_RESETHAND | SA_RESTART);
	handle(SIGCONT, resume, SA_RESTART);
	set(&raw);
}

void terminal_restore(void)
{
	if (is_raw)
		set(&cooked);
	is_raw = 0;
}

/* ---- waiting ------------------------------------------------------------ */

/* The signals that are asked about are let in only while poll waits, so that none
 * slips in between the question and the wait. */
bool terminal_readable(bool wait)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec no_time = { 0, 0 };
	sigset_t held, before;
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before);
	int ready = caught ? 0 : ppoll(&in, 1, wait ? NULL : &no_time, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ready > 0;
}
