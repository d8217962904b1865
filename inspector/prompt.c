/* The prompt.  See prompt.h; called by `droste debug`.  Signal handlers and readline's
 * hooks can reach nothing but what is static, so this file keeps that: who is
 * under way, and where to go on after Ctrl-C.
 */

#include "prompt.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "commands_inside.h"
#include "lines.h"
#include "plain.h"

static struct inspector *_Atomic current;
static volatile sig_atomic_t pressed; /* Ctrl-C, since it was last asked */
static sigjmp_buf new_line;

/* ---- Ctrl-C ------------------------------------------------------------- */

static void interrupt(int signal)
{
	struct inspector *inspector = atomic_load(&current);
	(void)signal;
	pressed = 1;
	if (inspector)
		session_interrupt(inspector->session);
}

void prompt_start(struct prompt *prompt)
{
	struct sigaction action = { .sa_handler = interrupt };
	sigemptyset(&action.sa_mask);
	atomic_store(&current, prompt->inspector);
	sigaction(SIGINT, &action, NULL);
}

/* ---- one line ----------------------------------------------------------- */

static void progress(void *self, uint64_t steps, uint64_t to)
{
	(void)self;
	if (to > 0)
		fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " million steps; Ctrl-C stops ", steps / 1000000, to / 1000000);
	else
		fprintf(stderr, "\r%" PRIu64 " million steps; Ctrl-C stops ", steps / 1000000);
}

static void show(const struct answer *answer, const char *text, size_t n, bool live)
{
	if (live)
		fputs("\r\033[K", stderr);
	plain_put(answer->failed ? stderr : stdout, text, n);
	fflush(stdout);
}

void prompt_do(struct prompt *prompt, const char *line)
{
	struct inspector *inspector = prompt->inspector;
	char *text = NULL;
	size_t n;
	struct answer answer = { .text = open_memstream(&text, &n), .json = prompt->answers ? json_object() : NULL };
	if (!answer.text)
		return;
	bool live = isatty(STDERR_FILENO) && isatty(STDIN_FILENO) && !prompt->answers;
	session_on_progress(inspector->session, live ? progress : NULL, NULL);
	inspector->last = (struct arrival){ .why = ARRIVED };
	command_run(inspector, line, &answer);
	fclose(answer.text);
	if (prompt->answers) {
		answer_set(&answer, "text", json_bytes((const uint8_t *)text, n));
		json_array_append_new(prompt->answers, answer.json);
	} else {
		show(&answer, text, n, live);
	}
	prompt->failed |= answer.failed;
	prompt->interrupted |= inspector->last.why == ARRIVED_INTERRUPTED && !isatty(STDIN_FILENO);
	free(text);
}

/* An empty line does a motion again. */
static void do_or_repeat(struct prompt *prompt, const char *line, char **last)
{
	const struct inspector_command *command = command_named(line);
	bool empty = line[strspn(line, " \t")] == '\0';
	if (!empty) {
		free(*last);
		*last = command && command->repeats ? strdup(line) : NULL;
	}
	if (!empty || *last)
		prompt_do(prompt, empty ? *last : line);
}

/* ---- from a script ------------------------------------------------------ */

static void run_script(struct prompt *prompt)
{
	char *line = NULL, *last = NULL;
	size_t room = 0;
	while (!prompt->inspector->quit && !prompt->interrupted && getline(&line, &room, stdin) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		do_or_repeat(prompt, line, &last);
	}
	free(line);
	free(last);
}

/* ---- from a person ------------------------------------------------------ */

/* Ctrl-C at the prompt: a new line.  Readline calls this after any signal, outside of the
 * handler; it would not give up its line in another way. */
static int abandon_line(void)
{
	if (!pressed)
		return 0;
	rl_free_line_state();
	rl_cleanup_after_signal();
	siglongjmp(new_line, 1);
}

static char *read_line(const struct inspector *inspector)
{
	char name[32], prompt[80];
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool bold = (!no_color || !*no_color) && term && strcmp(term, "dumb") != 0;
	level_name(inspector, inspector->level, name, sizeof(name));
	snprintf(prompt, sizeof(prompt), "%s(%u %s)%s ", bold ? "\001\033[1m\002" : "", inspector->level, name,
	         bold ? "\001\033[0m\002" : "");
	if (sigsetjmp(new_line, 1) != 0)
		putchar('\n');
	pressed = 0;
	return readline(prompt);
}

static void run_terminal(struct prompt *prompt)
{
	char *line, *last = NULL;
	lines_start(prompt->inspector);
	rl_signal_event_hook = abandon_line;
	while (!prompt->inspector->quit && (line = read_line(prompt->inspector))) {
		lines_remember(line);
		do_or_repeat(prompt, line, &last);
		free(line);
	}
	if (!prompt->inspector->quit)
		putchar('\n');
	lines_keep();
	free(last);
}

void prompt_run(struct prompt *prompt)
{
	if (isatty(STDIN_FILENO) && !prompt->answers)
		run_terminal(prompt);
	else
		run_script(prompt);
}
