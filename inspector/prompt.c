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
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "commands_inside.h"

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
		fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " million steps ", steps / 1000000, to / 1000000);
	else
		fprintf(stderr, "\r%" PRIu64 " million steps ", steps / 1000000);
}

static void show(const struct answer *answer, const char *text, bool live)
{
	if (live)
		fputs("\r\033[K", stderr);
	fputs(text, answer->failed ? stderr : stdout);
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
		show(&answer, text, live);
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

/* ---- completion --------------------------------------------------------- */

static char *next_completion(const char *word, int state)
{
	char before[256];
	snprintf(before, sizeof(before), "%.*s", rl_point - (int)strlen(word), rl_line_buffer);
	return command_complete(atomic_load(&current), before, word, (unsigned)state);
}

/* The generator is asked for the state-th word, counted from 0. */
static char **completions(const char *word, int start, int end)
{
	const struct inspector_command *command = start > 0 ? command_named(rl_line_buffer) : NULL;
	(void)end;
	rl_attempted_completion_over = !command || !command->takes_file;
	return command && command->takes_file ? NULL : rl_completion_matches(word, next_completion);
}

/* ---- history ------------------------------------------------------------ */

#define HISTORY_LINES 1000

/* Makes the folders of a path that are not there. */
static void make_folders(char *path)
{
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

/* From malloc; NULL: there is no home. */
static char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int made = -1;
	if (state && *state == '/')
		made = asprintf(&path, "%s/droste/history", state);
	else if (home && *home == '/')
		made = asprintf(&path, "%s/.local/state/droste/history", home);
	return made < 0 ? NULL : path;
}

static void remember(const char *line)
{
	HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
	if (*line && (!last || strcmp(last->line, line) != 0))
		add_history(line);
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
	char *line, *last = NULL, *path = history_path();
	rl_readline_name = "droste";
	rl_attempted_completion_function = completions;
	rl_completer_word_break_characters = " \t\n,=*(!&|<>+-@";
	rl_special_prefixes = "$";
	rl_signal_event_hook = abandon_line;
	stifle_history(HISTORY_LINES);
	if (path)
		read_history(path);
	while (!prompt->inspector->quit && (line = read_line(prompt->inspector))) {
		remember(line);
		do_or_repeat(prompt, line, &last);
		free(line);
	}
	if (!prompt->inspector->quit)
		putchar('\n');
	if (path) {
		make_folders(path);
		write_history(path);
	}
	free(last);
	free(path);
}

void prompt_run(struct prompt *prompt)
{
	if (isatty(STDIN_FILENO) && !prompt->answers)
		run_terminal(prompt);
	else
		run_script(prompt);
}
